# make demo runs it, make quick tries it in a minute, make test proves it, make check keeps it tidy, make bench measures it,
# make soak runs what takes long, make interop what needs a LiveKit server; make programs installs what these need.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
FRONT := static/vendor/room/.joined
.DEFAULT_GOAL := help
# Where a machine forbids Python to keep what it has compiled, every process would compile the whole house again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo quick programs test check bench soak interop pictures requirements wheel sbom

help:
	@sed -n '1,2s/^# //p' Makefile

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "backtolife needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@echo "Setting up .venv…"
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $(READY)

static/vendor/.lock: $(READY) package-lock.json tools/fetch_vendor.py
	@$(BIN)/python -m tools.fetch_vendor
	@touch $@

$(FRONT): static/vendor/.lock tools/join_room.py $(shell find static/js static/css -type f)
	@$(BIN)/python -m tools.join_room
	@touch $@

demo: $(READY) $(FRONT)
	@PORT=$(PORT) exec $(BIN)/backtolife demo

# Pure rules, pages and data on SQLite: no root, no browser, nothing installed.
QUICK := tests/sessions/state tests/sessions/events tests/sessions/media/packets tests/sessions/media/sdp \
	tests/sessions/media/access tests/outcomes/scoring tests/outcomes/asking tests/programme tests/home \
	tests/people/test_names.py tests/people/test_numbers.py tests/board tests/reminders/test_rules.py

quick: $(READY) $(FRONT)
	@$(BIN)/ruff check
	@$(BIN)/python -m pytest -n 2 --dist loadscope -m "not browser and not media and not postgresql" $(QUICK) $(ARGS)

# What the tests need from Debian, as root. FOR=soak or FOR=bench for what those need besides.
FOR ?= test
programs: $(READY)
	@$(BIN)/python -m tools.programs --install $(FOR)

test: $(READY) $(FRONT)
	@$(BIN)/python -m tools.programs test
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(READY) static/vendor/.lock
	@$(BIN)/python -m tools.programs check
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.unused
	@$(BIN)/python -m tools.places
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python -m tools.unused_classes
	@$(BIN)/python -m tools.room_types --check
	@$(BIN)/python -m tools.check_migrations
	@$(BIN)/python -m tools.catalogues --check
	@$(BIN)/python -m tools.reading_grade --check
	@$(BIN)/python -m tools.assurance --check
	@$(BIN)/python -m tools.check_javascript

bench: $(READY) $(FRONT)
	@$(BIN)/python -m tools.programs bench
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(READY) $(FRONT)
	@$(BIN)/python -m tools.programs soak
	@$(BIN)/python -m pytest tests/soak --timeout 7200 $(ARGS)
	@$(BIN)/python -m tools.other_pythons
	@$(BIN)/python -m tools.switch_off

interop: $(READY) $(FRONT)
	@$(BIN)/python -m tools.programs interop
	@$(BIN)/python -m pytest tests/interop --timeout 3600 $(ARGS)

pictures: $(READY) $(FRONT)
	@$(BIN)/python -m tools.programs pictures
	@$(BIN)/python -m tools.take_pictures

# What a clinic installs: one file, with pages, scripts and migrations inside.
wheel: $(READY) $(FRONT)
	@rm -rf build dist/backtolife-*.whl
	@$(BIN)/uv build --quiet --wheel --out-dir dist

# Every component with its version and licence, as CycloneDX, into dist/.
sbom: $(READY)
	@$(BIN)/python -m tools.assurance.sbom

# The newest versions of everything; production.txt is what a clinic's server gets, in the versions that the tests ran with.
LOCK = $(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --no-annotate --universal --generate-hashes \
	--python-version 3.11 pyproject.toml
FOR_SERVING := postgresql redis sms demo statistics planner exports backup pdf oidc s3
requirements:
	@$(LOCK) --upgrade --all-extras -o requirements/dev.txt
	@$(LOCK) $(addprefix --extra ,$(FOR_SERVING)) -c requirements/dev.txt -o requirements/production.txt
