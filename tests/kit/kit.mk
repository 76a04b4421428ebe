# make check without LAB: the kit proves itself.

# Everything the suites use is built first, so that none waits for another.
CHECK_KIT_BUILT := $(RUNNER) $(DIRECTOR) $(ENGINE_TEST) $(FAKE_RUNNER) \
  $(TRACE) $(CONFORMANCE) solutions starters-built

.PHONY: check-kit
# The longest first.
check-kit: $(CHECK_KIT_BUILT)
	@tests/kit/all.sh \
	  'audit=$(MAKE) -s audit-sample' \
	  'tools=$(MAKE) -s check-tools' \
	  'slides=$(MAKE) -s check-slides' \
	  'engine=$(ENGINE_TEST)' \
	  'msys=$(MAKE) -s check-msys' \
	  'conformance=$(MAKE) -s conformance' \
	  'builds=tests/kit/quiet_builds.sh $(BUILD)/programs' \
	  'starters=$(MAKE) -s check-starters' \
	  'hints=$(MAKE) -s check-hints' \
	  'trace=$(MAKE) -s check-trace'

# What Windows gets instead of Check, tried on this machine: the engine built
# with it passes the engine's own tests.
.PHONY: check-msys
check-msys: $(ENGINE_TEST) | $(INSTALLED) ## the engine with what Windows gets instead of Check
	@$(MAKE) -s OS=Windows_NT HOST_CC=$(HOST_CC) BUILD=$(BUILD)/msys INSTALLED=$(INSTALLED) $(BUILD)/msys/kit/fake_runner
	@$(ENGINE_TEST) $(BUILD)/msys/kit/fake_runner
