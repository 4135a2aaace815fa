# `make` lists what can be done. Everything made stays inside this folder: .venv, .build, .run.

PYTHON ?= python3
LIST ?= local/sample/houses.xlsx
OKTMO ?=
LOCALITY ?=
SANDBOX ?=
PORT ?=

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

UV := .venv/uv/bin/uv
DEV := .venv/dev/bin
export UV_CACHE_DIR := $(CURDIR)/.venv/cache
export UV_PYTHON_DOWNLOADS := never

help: ## эта подсказка
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- environments
# What they say goes to stderr: some commands print one document.
# Five sets of pinned libraries that cannot live together; each is made when first needed.

setup: .venv/dev/ready .venv/emulator/ready .venv/tools/ready ## поставить всё, что нужно для работы

python-is-there:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Нужен Python 3.11 или новее ($(PYTHON) не подходит): sudo apt install python3' >&2; \
	  echo 'Python 3.11 or newer is needed: sudo apt install python3' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'Нет модуля venv: sudo apt install python3-venv' >&2; \
	  echo 'The venv module is missing: sudo apt install python3-venv' >&2; exit 1; }

$(UV): requirements/uv.txt | python-is-there
	@echo '  Ставлю uv ...' >&2
	@rm -rf .venv/uv && $(PYTHON) -m venv .venv/uv
	@.venv/uv/bin/python -m pip install -qq --disable-pip-version-check --no-cache-dir \
	  --require-hashes --only-binary=:all: -r requirements/uv.txt
	@touch $@

# The emulator runs the functions itself, so it gets Lambda's Python if the machine has it.
.venv/emulator/ready: BASE = $(or $(shell $(PYTHON) functions/build.py interpreter),$(PYTHON))
.venv/dev/ready .venv/tools/ready .venv/vkclients/ready .venv/outside/ready: BASE = $(PYTHON)
.venv/%/ready: requirements/%.txt $(UV)
	@echo '  Ставлю библиотеки: $* ...' >&2
	@test -x .venv/$*/bin/python || $(UV) venv --quiet --python $(BASE) .venv/$*
	@$(UV) pip sync --quiet --require-hashes --python .venv/$*/bin/python requirements/$*.txt
	@touch $@

# ---------------------------------------------------------------- running

local-bundles: .venv/emulator/ready
	@UV=$(UV) .venv/emulator/bin/python functions/build.py all .build/local \
	  --python $(CURDIR)/.venv/emulator/bin/python

# exec: SIGTERM that stops make reaches the stack itself. SIGINT to make alone does not, for make hands
# it on to nobody: Ctrl-C reaches both, as the terminal sends it to the whole group.
UP = exec env PYTHONDONTWRITEBYTECODE=1 .venv/emulator/bin/python -m local.up --list '$(LIST)' \
  $(if $(OKTMO),--oktmo '$(OKTMO)') $(if $(LOCALITY),--locality '$(LOCALITY)') $(if $(PORT),--port '$(PORT)') $(if $(SANDBOX),-- $(SANDBOX))

run: local-bundles ## вся система на этой машине с образцом списка и рассылкой в конце; Ctrl-C останавливает
	@$(subst -m local.up,-m local.up --stay --broadcast,$(UP))

demo: local-bundles ## то же со своим списком: make demo LIST=дома.csv [OKTMO=75701000] [LOCALITY='г. Город']
	@$(UP)

lambda-bundles: $(UV)
	@UV=$(UV) $(PYTHON) functions/build.py all .build/lambda

build: lambda-bundles ## собрать функции для AWS Lambda в .build/lambda
	@du -sh .build/lambda/*/

# As they were typed: a path may hold quotes, spaces and dollars.
check-list: export CHECKED_FILE = $(value FILE)
check-list: export CHECKED_LOCALITY = $(value LOCALITY)
check-list: .venv/dev/ready ## проверить свой список: make check-list FILE=дома.xlsx [LOCALITY='г. Город'] [JSON=1]
	@PYTHONPATH=functions:layers/housechats PYTHONDONTWRITEBYTECODE=1 $(DEV)/python \
	  -m create_chats.command --file="$$CHECKED_FILE" --locality="$$CHECKED_LOCALITY" \
	  --oktmo='$(OKTMO)' --json='$(JSON)'

# ---------------------------------------------------------------- operating
# On the system that `make run` has up, or on a deployed stack: STACK=housechats.

# As they were typed.
admin replay: export OPERATED_STACK = $(value STACK)
OPERATE := PYTHONDONTWRITEBYTECODE=1 $(DEV)/python -m operate

admin: export ADMIN_VK_ID = $(value VK_ID)
admin: export ADMIN_TERRITORY = $(value TERRITORY)
admin: .venv/dev/ready ## назначить администратора: make admin VK_ID=1 TERRITORY=11701000 [STACK=housechats]
	@$(OPERATE).admin --vk-id="$$ADMIN_VK_ID" --territory="$$ADMIN_TERRITORY" --stack="$$OPERATED_STACK"

audit-check: export OPERATED_STACK = $(value STACK)
audit-check: export CHECKED_EXPORT = $(value FILE)
audit-check: .venv/dev/ready ## проверить учёт действий: make audit-check [FILE=выгрузка.jsonl] [STACK=housechats]
	@$(OPERATE).audit_check --file="$$CHECKED_EXPORT" --stack="$$OPERATED_STACK"

forget: export OPERATED_STACK = $(value STACK)
forget: export FORGOTTEN_VK_ID = $(value VK_ID)
forget: export FORGOTTEN_PHONE = $(value PHONE)
forget: .venv/dev/ready ## забыть человека везде: make forget VK_ID=1 или PHONE='+7 …' [STACK=housechats] [YES=1]
	@$(OPERATE).forget --vk-id="$$FORGOTTEN_VK_ID" --phone="$$FORGOTTEN_PHONE" --stack="$$OPERATED_STACK" --yes='$(YES)'

connect-community: export OPERATED_STACK = $(value STACK)
connect-community: .venv/dev/ready ## ВКонтакте сообщает боту о событиях сообщества; ключ спросит: make connect-community [STACK=housechats]
	@$(OPERATE).connect_community --stack="$$OPERATED_STACK"

replay: export REPLAYED_QUEUE = $(value QUEUE)
replay: .venv/dev/ready ## вернуть отложенное в работу: make replay QUEUE=openings [STACK=housechats]
	@$(OPERATE).replay --queue="$$REPLAYED_QUEUE" --stack="$$OPERATED_STACK"

# ---------------------------------------------------------------- checks

test: .venv/dev/ready .venv/outside/ready local-bundles lambda-bundles ## все тесты
	@$(DEV)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv/dev/ready .venv/tools/ready .venv/vkclients/ready ## то же, что CI: оформление, типы, зависимости, шаблоны, тесты
	@$(DEV)/ruff format --check --quiet .
	@$(DEV)/ruff check --quiet .
	@$(DEV)/mypy
	@PYTHONPATH=functions:layers/housechats $(DEV)/lint-imports
	@.venv/tools/bin/cfn-lint template.yaml infra/*.yaml
	@.venv/tools/bin/checkov
	@.venv/vkclients/bin/python tests/vkclients/run.py
	@$(MAKE) test

bench: .venv/dev/ready local-bundles ## замеры: docs/performance.md
	@PYTHONPATH=functions:layers/housechats:tests:. $(DEV)/python -m bench

outside: .venv/dev/ready .venv/outside/ready ## постучаться в API снаружи (при make run): минут пять, меняет данные образца
	@PYTHONPATH=tests:. $(DEV)/python -m support.knocking

examples: .venv/dev/ready ## записать ответы примеров API заново: docs/examples.json
	@PYTHONPATH=functions:layers/housechats:tests:. $(DEV)/python -m support.record_examples >/dev/null
	@$(MAKE) openapi

openapi: .venv/dev/ready ## описать по коду API, списки и панель: docs/openapi.json, api.md, lists.md, infra/watch.yaml
	@$(DEV)/python docs/make.py

fix: .venv/dev/ready ## исправить оформление кода
	@$(DEV)/ruff check --fix .
	@$(DEV)/ruff format .

clean: ## убрать всё, что сделано: .venv, .build, .run
	rm -rf .venv .build .run

.PHONY: help setup python-is-there local-bundles lambda-bundles run demo check-list admin audit-check forget connect-community replay build test check \
  bench outside examples openapi fix clean
