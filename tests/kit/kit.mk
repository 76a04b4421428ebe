# make check without LAB: the kit proves itself.

# Everything the suites use is built first, so that none waits for another.
CHECK_KIT_BUILT := $(RUNNER) $(DIRECTOR) $(ENGINE_TEST) $(FAKE_RUNNER) \
  $(TRACE) $(CONFORMANCE) solutions starters-built

.PHONY: check-kit
check-kit: $(CHECK_KIT_BUILT)
	@tests/kit/all.sh \
	  'builds=tests/kit/quiet_builds.sh $(BUILD)/programs' \
	  'engine=$(ENGINE_TEST)' \
	  'tools=$(MAKE) -s check-tools' \
	  'starters=$(MAKE) -s check-starters' \
	  'hints=$(MAKE) -s check-hints' \
	  'trace=$(MAKE) -s check-trace' \
	  'conformance=$(MAKE) -s conformance' \
	  'audit=$(MAKE) -s audit-short' \
	  'slides=$(MAKE) -s check-slides'
