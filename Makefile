# What a user runs: make run, make test, make lint. Stamps make a second start take seconds.
SHELL := /bin/bash
PHONE ?=
PORT ?= 8000
PY := .venv/bin/python
PWA_SOURCES := $(shell find pwa/src pwa/scripts pwa/public pwa/index.html pwa/verify.html pwa/vite.config.ts pwa/vite.verify.config.ts pwa/sign.html pwa/vite.sign.config.ts -type f 2>/dev/null)

.PHONY: run test lint format migration types browser-faults pictures looks bench tus fuzz stateful sim sim-mutants kill9 drill clean
.DEFAULT_GOAL := run

# An embedded database is brought to head by every command; PostgreSQL by `migrate` alone.
run: .venv/.run pwa/dist/.built ## set everything up, load the demonstration if empty, serve
	@$(if $(ONEVISIT_DATABASE),.venv/bin/onevisit migrate)
	@.venv/bin/onevisit demo --if-empty
	@.venv/bin/onevisit serve --port $(PORT) $(if $(PHONE),--phone)

test: .venv/.test pwa/dist/.built ## every test: Python on SQLite and PostgreSQL, TypeScript, the road in Chromium
	cd pwa && npm test --silent
	.venv/bin/pytest tests --ignore tests/e2e -n 2 --dist loadfile
	.venv/bin/pytest tests/e2e

lint: .venv/.test pwa/node_modules/.done pwa/dist/.built ## every check that needs no running program
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	cd pwa && npm run lint --silent
	@scripts/types.sh --check

format: .venv/.test
	.venv/bin/ruff check -q --fix .
	.venv/bin/ruff format -q .

migration: .venv/.run ## write the migration for changed models: make migration NAME=what_changes
	.venv/bin/python scripts/migration.py $(NAME)

types: .venv/.run pwa/node_modules/.done ## the phone's types and words, generated from the server's
	@scripts/types.sh

bench: .venv/.test pwa/dist/.built ## every benchmark, or one: make bench WHAT=subjects; prints tables beside the bare limit of the same run
	@for one in $(or $(WHAT),$(patsubst benchmarks/%.py,%,$(filter-out benchmarks/__init__.py benchmarks/measure.py benchmarks/place.py,$(wildcard benchmarks/*.py)))); do \
	  echo; echo "## $$one"; echo; .venv/bin/python -m benchmarks.$$one || exit 1; done

tus: .venv/.test pwa/node_modules/.done ## the tus table: every case on three kinds of server, the line broken N times: make tus N=500
	@.venv/bin/python -m tests.evidence.tus_table $(or $(N),60)

fuzz: .venv/.test ## wrong bundles and requests: make fuzz N=100000 [DATABASE=postgresql]; goes on where it stopped, ends with counts
	@nice -n 10 .venv/bin/python -m tests.fuzz.run $(or $(N),10000) --database $(or $(DATABASE),sqlite) --seed $(or $(SEED),1) --kept var/fuzz

stateful: .venv/.test ## phones by chance against a plain-dict oracle, over HTTP handlers on both databases: make stateful N=500
	@ONEVISIT_EXAMPLES=$(or $(N),100) .venv/bin/pytest tests/visits/test_stateful.py -q

sim: .venv/.test pwa/node_modules/.done ## the sync under faults, seed after seed: make sim SEEDS=10000; goes on where it stopped; make sim REPLAY=SEED
	@.venv/bin/python -m tests.simulation $(or $(SEEDS),300) $(if $(REPLAY),--replay $(REPLAY)) $(if $(WORKERS),--workers $(WORKERS))

kill9: .venv/.test ## kill −9 under load, so many times: make kill9 N=200 [DATABASE=postgresql]; 0 acknowledged operations lost
	@.venv/bin/python -m tests.faults.kill9 $(or $(N),20) --database $(or $(DATABASE),sqlite) $(if $(SEED),--seed $(SEED))

drill: .venv/.test ## lose the server at random points and bring it back: make drill N=20 [DATABASE=postgresql]
	@.venv/bin/python -m tests.recovery.drill $(or $(N),20) --database $(or $(DATABASE),sqlite) $(if $(SEED),--seed $(SEED))

sim-mutants: .venv/.test pwa/node_modules/.done ## deliberate breaks of the protocol, each until the simulation catches it
	@.venv/bin/python -m tests.simulation.mutants $(ONLY)

pictures: .venv/.test pwa/dist/.built ## the pictures in README, taken while the road's test walks it
	ONEVISIT_PICTURES=docs/pictures .venv/bin/pytest tests/e2e/test_road.py
	cd docs/pictures && rm -f $$(ls | grep -vE '^(phone-checklist|phone-confirm|desk-draw|desk-review)\.png$$')

looks: .venv/.test pwa/dist/.built ## a picture of every screen of the field app, in four looks each: make looks FOLDER=/somewhere [WALK=own]
	.venv/bin/python -m scripts.looks $(or $(FOLDER),$(error say where: make looks FOLDER=/somewhere)) $(if $(WALK),--walk $(WALK))

browser-faults: .venv/.test pwa/dist/.built ## offline, slow, lossy, portals, full and emptied stores, clocks, updates: every scenario in Chromium, and the table
	ONEVISIT_FAULTS=1 .venv/bin/pytest tests/e2e/test_browser_faults.py -s

clean:
	rm -rf .venv pwa/node_modules pwa/dist var

.venv/.run: requirements.txt pyproject.toml
	@scripts/debian.sh run
	@echo "准备 Python 环境……"
	@[ -e .venv/.test ] && scripts/python.sh requirements-dev.txt || scripts/python.sh requirements.txt
	@touch $@

.venv/.test: requirements-dev.txt pyproject.toml
	@scripts/debian.sh test
	@echo "准备 Python 测试环境……"
	@scripts/python.sh requirements-dev.txt
	@touch $@ .venv/.run

pwa/node_modules/.done: pwa/package-lock.json
	@echo "安装前端软件包……"
	@cd pwa && npm ci --loglevel error --no-audit --no-fund
	@touch $@

pwa/dist/.built: pwa/node_modules/.done $(PWA_SOURCES)
	@echo "生成页面……"
	@cd pwa && npm run build --silent
	@touch $@
