# The two commands a newcomer needs: `make run` and `make test`.
PY := .venv/bin/python
.PHONY: run test check bench clean
check:
	.venv/bin/ruff format --check core plugins tests bench
	.venv/bin/ruff check core plugins tests bench
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
