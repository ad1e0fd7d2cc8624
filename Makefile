# make demo runs it, make test proves it, make check keeps it tidy, make bench measures it, make soak runs what takes
# long, make interop runs what needs a LiveKit server. Each needs only Python 3.11 or newer and make.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
FRONT := static/vendor/room/.joined
.DEFAULT_GOAL := help
# Where a machine forbids Python to keep what it has compiled, every process would compile the whole house again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test check bench soak interop pictures requirements

help:
	@sed -n '1,2s/^# //p' Makefile

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "backtolife needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@echo "Setting up .venv…"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $(READY)

static/vendor/.lock: $(READY) package-lock.json tools/fetch_vendor.py
	@$(BIN)/python -m tools.fetch_vendor
	@touch $@

$(FRONT): static/vendor/.lock tools/join_room.py $(wildcard static/js/room/*.js static/js/*.js static/css/*.css)
	@$(BIN)/python -m tools.join_room
	@touch $@

demo: $(READY) $(FRONT)
	@PORT=$(PORT) exec $(BIN)/backtolife demo

test: $(READY) $(FRONT)
	@$(BIN)/python -m tools.install_programs caddy chromium coturn espeak-ng ffmpeg iproute2 iptables \
		libharfbuzz-subset0 libnss3-tools libpango-1.0-0 libpangoft2-1.0-0 poppler-utils postgresql redis-server
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(READY)
	@$(BIN)/python -m tools.install_programs postgresql
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.check_migrations

bench: $(READY) $(FRONT)
	@$(BIN)/python -m tools.install_programs chromium ffmpeg iproute2 janus
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(READY) $(FRONT)
	@$(BIN)/python -m tools.install_programs chromium postgresql redis-server ffmpeg coturn firefox-esr iproute2 iptables
	@$(BIN)/python -m pytest tests/soak --timeout 7200 $(ARGS)
	@$(BIN)/python -m tools.other_pythons

interop: $(READY) $(FRONT)
	@$(BIN)/python -m tools.install_programs chromium
	@$(BIN)/python -m pytest tests/interop --timeout 3600 $(ARGS)

pictures: $(READY) $(FRONT)
	@$(BIN)/python -m tools.install_programs chromium ffmpeg
	@$(BIN)/python -m tools.take_pictures

requirements:
	@$(BIN)/uv pip compile --quiet --upgrade --no-header --no-emit-index-url --no-annotate --universal --all-extras \
		--python-version 3.11 pyproject.toml -o requirements.txt
