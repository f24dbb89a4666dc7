#!/usr/bin/env python3
"""Checks a draw (docs/draw.md) with nothing but Python: verify_draw.py BUNDLE.json
What only a full bundle has of inspectors: verify_teams.py; who published it: verify_signature.py."""
import hashlib, hmac, json, sys
from collections import Counter
from fractions import Fraction as F
from math import ceil, floor
ORDER, SHA = "DCB-A", lambda data: hashlib.sha256(data).hexdigest()
JCS = lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
MAC = lambda key, data: hmac.new(bytes.fromhex(key), data, "sha256").hexdigest()
def root(leaves):
    level = [bytes.fromhex(leaf) for leaf in sorted(leaves)]
    while len(level) > 1:
        pairs = [b"".join(level[at : at + 2]) for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + pair).digest() if len(pair) == 64 else pair for pair in pairs]
    return level[0].hex() if level else SHA(b"")
def share(n, weight, count):
    left, got = dict(weight), {}
    while any(left.values()) and (full := [r for r in left if n * left[r] >= count[r] * sum(left.values())]):
        got, n = got | {r: count[r] for r in full}, n - sum(count[r] for r in full)
        left = {r: w for r, w in left.items() if r not in full}
    part = {r: F(n) * left[r] / sum(left.values()) if any(left.values()) else F(0) for r in left}
    best = sorted(part, key=lambda r: (floor(part[r]) - part[r], ORDER.index(r)))[: n - sum(map(floor, part.values()))]
    return got | {r: floor(part[r]) + (r in best) for r in part}
def year(rules, count):
    times, typed, total, base = rules["multipliers"], rules["class_ratios"], sum(count.values()), F(rules["ratio"] or 0)
    if rules["number"] is not None:
        return share(min(rules["number"], total), {r: n * F(times[r]) for r, n in count.items()}, count)
    weight = {r: n * (min(1, base * F(times[r])) if typed is None else F(typed[r])) for r, n in count.items()}
    if rules["bound"] != "at_least":
        wanted = total * base if typed is None else sum(weight.values())
        return share(max(1, floor(wanted)) if rules["bound"] == "at_most" else ceil(wanted), weight, count)
    got = {risk: ceil(w) for risk, w in weight.items()}
    for risk in (one for one in ORDER if one in count):
        got[risk] += min(max(0, ceil(total * base) - sum(got.values())), count[risk] - got[risk])
    return got
def quotas(rules, count):
    batch = rules["batch"] or {"number": 1, "of": 1, "drawn": {}}
    before = {risk: batch["drawn"].get(risk, 0) for risk in ORDER}
    whole = year(rules, {r: n for r in ORDER if (n := count.get(r, 0) + before[r])})
    return {r: max(0, ceil(F(whole[r] * batch["number"], batch["of"])) - before[r]) for r in count}
def checks(b):
    c, on = b["commit"], b["status"] == "drawn"
    said, strata, leaves = {one["id"]: one["value"] for one in b["sources"]}, c["pool"]["strata"], b["leaves"]
    parts = [text.encode() for one in b["sources"] for text in (one["id"], one["value"])]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    ranked = {r: sorted((one["ticket"], one["leaf"]) for one in leaves if one["risk"] == r) if on else [] for r in ORDER}
    drawn = {one["risk"]: ranked[one["risk"]][: one["quota"]] for one in strata} if on else {}
    yield "commit hash", SHA(JCS(c)) == b["commit_hash"]
    yield "sources", len(c["sources"]) > 1 and (list(said) == [one["id"] for one in c["sources"]] or not on)
    promised = {one["id"]: one["commitment"] for one in c["sources"]}
    for id_, value in said.items():
        made = SHA("\x1f".join((c["draw"], id_, value)).encode())
        yield "reveal of " + id_, promised.get(id_, "nobody") in (None, made)
    yield "key", b["key"] == (MAC(b["commit_hash"], message) if on else None)
    yield "pool root", c["pool"]["root"] == root(one["leaf"] for one in leaves)
    for s in strata:
        yield "root of class " + s["risk"], s["root"] == root(x["leaf"] for x in leaves if x["risk"] == s["risk"])
    counts = {s["risk"]: s["count"] for s in strata}
    yield "counts", counts == Counter(one["risk"] for one in leaves) and c["pool"]["count"] == len(leaves)
    yield "quotas", not strata or quotas(c["rules"], counts) == {s["risk"]: s["quota"] for s in strata}
    mac = (lambda leaf: MAC(b["key"], b"subject|" + leaf.encode())) if on else lambda leaf: None
    yield "tickets", all(one["ticket"] == mac(one["leaf"]) for one in leaves)
    yield "selection", b["selected"] == [leaf for r in ORDER for _, leaf in drawn.get(r, [])]
    yield "thresholds", b["thresholds"] == {r: pairs[-1][0] for r, pairs in drawn.items() if pairs}
    for name, stated in (("entries", c["pool"]), ("excluded", c["excluded"]), ("inspectors", c["inspectors"])):
        if name in b:
            found = [SHA(b"\0" + bytes.fromhex(one["salt"]) + JCS(one["entry"])) for one in b[name]]
            yield name, found == [one["leaf"] for one in b[name]] and len(found) == stated["count"]
            yield name + " root", root(found) == stated["root"]
    classes = [(one["leaf"], one["risk"]) for one in leaves]
    yield "classes", classes == [(one["leaf"], one["entry"]["risk"]) for one in b.get("entries", [])] or "entries" not in b
    reasons = Counter(one["reason"] for one in b.get("excluded", []))
    yield "reasons", "excluded" not in b or reasons == {one["reason"]: one["count"] for one in c["excluded"]["reasons"]}
bundle = json.load(open(sys.argv[1], encoding="utf-8"))
failed = [name for name, ok in checks(bundle) if not ok]
sys.exit("FAILED: " + ", ".join(failed) if failed else print("every check passed"))
