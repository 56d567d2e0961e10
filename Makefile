# Two commands are enough: `make run` and `make test`. Everything is set up by itself.
#   make run PORT=9000 HOST=0.0.0.0 DEMO=0     make test ARGS="tests/portal -x"     PYTHON=python3.12
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) portal/runtime/bootstrap.py

.DEFAULT_GOAL := run
.PHONY: run stop setup test chaos lint bench demo-reset messages

run:         ## set up and run the portal; Ctrl-C stops it
	@$(BOOTSTRAP) run

stop:        ## stop the portal that runs here
	@$(BOOTSTRAP) stop

setup:       ## the virtual environment with everything that tests need
	@$(BOOTSTRAP) setup

test:        ## all tests; ARGS= goes to pytest
	@$(BOOTSTRAP) test

chaos:       ## the proofs at length: big races, processes killed; ARGS= goes to pytest
	@$(BOOTSTRAP) chaos

lint:        ## style, types, layers, templates, migrations, locked versions
	@$(BOOTSTRAP) lint

bench:       ## the measurements in benchmarks/; ARGS= names some of them
	@$(BOOTSTRAP) bench

demo-reset:  ## delete the embedded data and make the demo bank anew; YES=1 does not ask
	@$(BOOTSTRAP) demo-reset

messages:    ## gather, merge and compile the translations
	@$(BOOTSTRAP) messages
