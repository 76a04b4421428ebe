# The conformance suite: what Windows is said to do, checked on Wine with the
# platform layer and without.

CONFORMANCE := $(BUILD)/kit/conformance.exe
CONFORMANCE_SOURCES := $(wildcard tests/conformance/*.c)
CONFORMANCE_OBJECTS := $(CONFORMANCE_SOURCES:%.c=$(BUILD)/kit/%.o)
CONFORMANCE_TABLE := common/seam/CONFORMANCE.md

$(BUILD)/kit/tests/conformance/%.o: tests/conformance/%.c $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

$(CONFORMANCE): $(CONFORMANCE_OBJECTS) $(SEAM) $(SEAM_IMPORTS)
	$(call quiet,LD,$@)$(CROSS_CC) -municode $^ $(KIT_LDFLAGS) $(KIT_LDLIBS) -o $@

-include $(CONFORMANCE_OBJECTS:.o=.d)

.PHONY: conformance conformance-table
conformance: $(CONFORMANCE) $(RUNNER) $(DIRECTOR) ## what Windows does, checked on Wine
	@tests/conformance/conformance.sh $(RUNNER) $(CONFORMANCE) $(BUILD)/results/conformance.tsv $(CONFORMANCE_TABLE)

conformance-table: $(CONFORMANCE) $(RUNNER) $(DIRECTOR) ## write common/seam/CONFORMANCE.md again
	@tests/conformance/conformance.sh --write $(RUNNER) $(CONFORMANCE) $(BUILD)/results/conformance.tsv $(CONFORMANCE_TABLE)
