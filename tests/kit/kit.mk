# make check without LAB: the kit proves itself.

# Everything the suites use is built first, so that none waits for another.
CHECK_KIT_BUILT := $(RUNNER) $(DIRECTOR) $(ENGINE_TEST) $(FAKE_RUNNER) \
  $(TRACE) $(CONFORMANCE) solutions starters-built

.PHONY: check-kit
# The longest first.
check-kit: $(CHECK_KIT_BUILT)
	@tests/kit/all.sh \
	  'audit=$(MAKE) -s audit-short' \
	  'tools=$(MAKE) -s check-tools' \
	  'slides=$(MAKE) -s check-slides' \
	  'engine=$(ENGINE_TEST)' \
	  'msys=$(MAKE) -s check-msys' \
	  'conformance=$(MAKE) -s conformance' \
	  'builds=tests/kit/quiet_builds.sh $(BUILD)/programs' \
	  'starters=$(MAKE) -s check-starters' \
	  'hints=$(MAKE) -s check-hints' \
	  'trace=$(MAKE) -s check-trace'
