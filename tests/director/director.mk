# The director: the kit's own program in every private Windows.

DIRECTOR := $(BUILD)/kit/director.exe
DIRECTOR_SOURCES := $(wildcard tests/director/*.c)
DIRECTOR_OBJECTS := $(DIRECTOR_SOURCES:tests/director/%.c=$(BUILD)/kit/director/%.o)

$(BUILD)/kit/director/%.o: tests/director/%.c $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

DIRECTOR_LATE := $(BUILD)/kit/director/libadvapi32_late.a
$(DIRECTOR_LATE): tests/director/advapi32.def | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,LIB,$@)$(CROSS)dlltool -d $< --output-delaylib $@

# Its own peers have to go through the same layer as the student's programs,
# so it is linked with the seam like any of them.
$(DIRECTOR): $(DIRECTOR_OBJECTS) $(SEAM) $(SEAM_IMPORTS) $(DIRECTOR_LATE)
	$(call quiet,LINK,$@)$(CROSS_CC) $^ $(KIT_LDFLAGS) -lntdll -o $@

-include $(DIRECTOR_OBJECTS:.o=.d)
