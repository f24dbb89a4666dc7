#!/usr/bin/env python3
"""Checks who was sent where, in a full bundle: verify_teams.py BUNDLE.json [THE_DRAWS_IT_RESTS_ON.json ...]"""
import hashlib, hmac, json, sys
from collections import Counter
MAC = lambda key, data: hmac.new(bytes.fromhex(key), data, "sha256").hexdigest()
def teams(b, m, load, asked, lost):
    people = {one["leaf"]: one["entry"] for one in b["inspectors"]}
    short = {(one["visit"], one["department"]): one["missing"] for one in b["shortfalls"]}
    for team in b["teams"]:  # in the order stated; checks() compares it with the tickets
        v, d = team["visit"], team["department"]
        gone = lost.setdefault(v, {one["inspector"] for one in b["ineligible"] if one["visit"] == v})
        skill, chosen = asked.get((v, d), m["specialities"].get(d)), []
        places = len(team["inspectors"]) + short.get((v, d), 0) if "subjects_draw" in b["commit"] else m["k"]
        for place in range(places):  # the first is kept for somebody who holds the demanded speciality
            fit = [x for x in b["pools"][d] if place or not skill or skill in people[x]["specialities"]]
            able = [x for x in fit if x not in gone]
            for x in sorted(able, key=lambda x: (load[x], MAC(b["key"], f"match|{v}|{x}".encode()), x))[:1]:
                chosen, gone = chosen + [x], gone | {x}
        load.update(chosen)
        lost[v] = gone
        yield {"visit": v, "department": d, "inspectors": chosen, "leader": (chosen or [None])[0]}
def checks(b, earlier):
    c, m, people = b["commit"], b["commit"]["match"], b["inspectors"]
    asked = {(one["visit"], one["department"]): one["speciality"] for e in earlier for one in e["shortfalls"]}
    yield "teams", list(teams(b, m, Counter(), asked, {})) == b["teams"]
    if "valid_through" in m:  # older commits do not say until when a certificate must be valid
        homes = {d: [d, *m.get("neighbours", {}).get(d, [])] for d in m["departments"]}
        for d, stated in b["pools"].items():
            able = [one["leaf"] for one in people if one["entry"]["department"] in homes[d]
                    and one["entry"]["state"] == "active" and one["entry"]["certificate"]
                    and one["entry"]["valid_to"] >= m["valid_through"]]
            yield "pool of " + d, stated == sorted(able)
    if "subjects_draw" not in c:
        ticket = {one["leaf"]: one["ticket"] for one in b["leaves"]}
        order = sorted(b["selected"], key=lambda leaf: (ticket[leaf], leaf))
        parts = [(leaf, d) for leaf in order for d in m["departments"]]
        yield "order of the visits", parts == [(one["visit"], one["department"]) for one in b["teams"]]
        pooled = {leaf for pool in b["pools"].values() for leaf in pool}
        id_of = {one["leaf"]: one["entry"]["id"] for one in b["entries"]}
        away = {(v, one["leaf"]) for v in order for one in people if id_of[v] in one["entry"]["recusals"]}
        stated = {(one["visit"], one["inspector"]) for one in b["ineligible"] if one["visit"]}
        yield "recusals", stated == {pair for pair in away if pair[1] in pooled}
bundle, *earlier = [json.load(open(name, encoding="utf-8")) for name in sys.argv[1:]]
if "teams" not in bundle:
    sys.exit("no teams in this file: give the full bundle of a draw of inspectors")
failed = [name for name, ok in checks(bundle, earlier) if not ok]
sys.exit("FAILED: " + ", ".join(failed) if failed else print("every check passed"))
