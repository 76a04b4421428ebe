# The director: the kit's own program in every private Windows.

DIRECTOR := $(BUILD)/kit/director.exe
DIRECTOR_SOURCES := $(wildcard tests/director/*.c)
DIRECTOR_OBJECTS := $(DIRECTOR_SOURCES:tests/director/%.c=$(BUILD)/kit/director/%.o)

$(BUILD)/kit/director/%.o: tests/director/%.c $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

# Its own peers have to go through the same layer as the student's programs,
# so it is linked with the seam like any of them. It is copied into every
# sandbox: without its debugging symbols (-s) that is 1.5 ms less.
$(DIRECTOR): $(DIRECTOR_OBJECTS) $(SEAM)
	$(call quiet,LINK,$@)$(CROSS_CC) -municode $^ $(KIT_LDFLAGS) $(KIT_LDLIBS) -lntdll -s -o $@

-include $(DIRECTOR_OBJECTS:.o=.d)
