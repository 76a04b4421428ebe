# The drawer of flight records: a program, and its text lanes for the grader.
#
#   $(TRACE)        build/kit/trace RECORD --svg FILE --text
#   $(TRACE_LANES)  one object to link with; lanes.h is its only way in

TRACE_DIR   := tests/trace
TRACE       := $(BUILD)/kit/trace
TRACE_LANES := $(BUILD)/kit/trace_lanes.o

TRACE_LANES_SOURCES := $(addprefix $(TRACE_DIR)/, \
  lanes.c cells.c cells_legend.c words.c names.c \
  model.c lanes_of.c pending.c handles.c links.c findings.c \
  flight.c event.c text.c)
TRACE_SOURCES := $(TRACE_LANES_SOURCES) $(addprefix $(TRACE_DIR)/, \
  main.c svg.c svg_style.c svg_legend.c svg_bands.c svg_stretches.c \
  svg_marks.c svg_labels.c)

TRACE_CFLAGS := -std=c17 -O1 -g -Icommon
trace_objects = $(1:%.c=$(BUILD)/kit/native/%.o)

$(call trace_objects,$(TRACE_SOURCES)): $(BUILD)/kit/native/%.o: %.c | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(HOST_CC) $(TRACE_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

$(TRACE): $(call trace_objects,$(TRACE_SOURCES))
	$(call quiet,LINK,$@)$(HOST_CC) $(TRACE_CFLAGS) $^ -o $@

# The grader has names of its own like ours: only trace_lanes leaves here.
$(TRACE_LANES): $(call trace_objects,$(TRACE_LANES_SOURCES))
	$(call quiet,LINK,$@)$(HOST_CC) -r -nostdlib $^ -o $@.all && \
	  objcopy --keep-global-symbol=trace_lanes $@.all $@ && rm -f $@.all

-include $(patsubst %.o,%.d,$(call trace_objects,$(TRACE_SOURCES)))

# ---- tests -------------------------------------------------------------------

TRACE_LANES_TEST := $(BUILD)/kit/trace_lanes_test

$(TRACE_LANES_TEST): tests/kit/trace_lanes.c $(TRACE_LANES)
	$(call quiet,CC,$<)$(HOST_CC) -std=c17 -O1 -g $(WARNINGS) -iquote $(TRACE_DIR) $^ -o $@

.PHONY: check-trace
check-trace: $(TRACE) $(TRACE_LANES_TEST)
	@tests/kit/trace_pictures.sh $(TRACE)
	@tests/kit/trace_use.sh $(TRACE)
	@tests/kit/trace_findings.sh $(TRACE)
	@$(TRACE_LANES_TEST) tests/kit/trace
