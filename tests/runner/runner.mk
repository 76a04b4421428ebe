# The runner: a native program made of the engine, the plays and all the
# labs' checks.

include tests/runner/engine.mk
include tests/runner/play.mk

RUNNER := $(BUILD)/kit/runner

CHECK_SOURCES  := $(wildcard tests/checks/*.c)
RUNNER_SOURCES := $(ENGINE_SOURCES) $(PLAY_SOURCES) $(CHECK_SOURCES)
RUNNER_OBJECTS := $(RUNNER_SOURCES:%.c=$(BUILD)/kit/native/%.o)

NATIVE_WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
  -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2
ifneq ($(CI),)
NATIVE_WARNINGS += -Werror
endif

$(BUILD)/kit/native/%.o: %.c | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(HOST_CC) $(ENGINE_CFLAGS) $(NATIVE_WARNINGS) -Icommon -iquote tests/trace -MMD -MP -c $< -o $@

$(RUNNER): $(RUNNER_OBJECTS) $(TRACE_LANES)
	$(call quiet,LINK,$@)$(HOST_CC) $^ $(CHECK_LIBS) -o $@

$(ENGINE_TEST): $(ENGINE_TEST_SOURCES:%.c=$(BUILD)/kit/native/%.o)
	$(call quiet,LINK,$@)$(HOST_CC) $^ $(CHECK_LIBS) -o $@

$(FAKE_RUNNER): $(ENGINE_OBJECTS) $(FAKE_SOURCES:%.c=$(BUILD)/kit/native/%.o)
	$(call quiet,LINK,$@)$(HOST_CC) $^ $(CHECK_LIBS) -o $@

-include $(RUNNER_OBJECTS:.o=.d)
