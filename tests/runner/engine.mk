# The runner's engine: jobs, results, reports, audit. runner.mk links it with
# the plays and the labs' checks.
#
# Our check.h has the name of Check's own: this folder must not be searched
# for <check.h>, so it is given with -iquote, never with -I.

ENGINE_DIR := tests/runner
ENGINE_SOURCES := $(addprefix $(ENGINE_DIR)/, \
  main.c options.c commands.c registry.c \
  engine.c queue.c worker.c compile.c children.c clock.c cpu.c results.c text.c wrap.c \
  grade.c grade_options.c rubric.c build_log.c \
  report.c report_text.c report_json.c report_junit.c report_tap.c \
  audit.c audit_judge.c audit_matrix.c)

ifeq ($(OS),Windows_NT)
# MSYS2 has the Check library for native programs only, which cannot fork.
ENGINE_SOURCES += $(ENGINE_DIR)/msys/check.c
CHECK_CFLAGS := -I$(ENGINE_DIR)/msys
CHECK_LIBS   :=
else
# Asked when they are used: on a fresh machine Check is installed only then.
CHECK_CFLAGS = $(shell pkg-config --cflags check 2>/dev/null)
CHECK_LIBS   = $(shell pkg-config --libs check 2>/dev/null || echo -lcheck)
endif
ENGINE_CFLAGS = -std=gnu17 -O2 -g -D_GNU_SOURCE -iquote $(ENGINE_DIR) $(CHECK_CFLAGS)

ENGINE_OBJECTS := $(ENGINE_SOURCES:%.c=$(BUILD)/kit/native/%.o)

# The engine with plays that only pretend, and the tests that drive it.
ENGINE_TEST := $(BUILD)/kit/engine_test
FAKE_RUNNER := $(BUILD)/kit/fake_runner
FAKE_SOURCES := tests/kit/fake_runner.c
ENGINE_TEST_SOURCES := $(addprefix tests/kit/engine_test, \
  .c _units.c _reports.c _grade.c _ends.c _audit.c _tools.c _forms.c) \
  $(addprefix $(ENGINE_DIR)/, text.c wrap.c results.c line_ends.c)

-include $(FAKE_SOURCES:%.c=$(BUILD)/kit/native/%.d)
-include $(ENGINE_TEST_SOURCES:%.c=$(BUILD)/kit/native/%.d)
