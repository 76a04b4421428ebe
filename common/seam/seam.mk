# How the seam is built: one relocatable object for every lab program.

SEAM_SOURCES := $(wildcard common/seam/*.c common/seam/*/*.c)
SEAM_OBJECTS := $(SEAM_SOURCES:common/%.c=$(BUILD)/kit/common/%.o)

$(BUILD)/kit/common/seam/%.o: common/seam/%.c common/seam/calls.def $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

# Only the hooked calls' names are left visible: a lab program may use any
# other name for a function of its own.
$(SEAM): $(SEAM_OBJECTS)
	$(call quiet,LD,$@)$(CROSS_CC) -r -nostdlib $^ -o $@.all
	@$(CROSS)nm $@.all | awk '$$2 ~ /[DB]/ && sub(/^__imp_/, "", $$3) { print $$3; print "__imp_" $$3 }' >$@.names
	@$(CROSS)objcopy --keep-global-symbols=$@.names $@.all $@

# What the layer itself calls of Windows; the .def file says why.
SEAM_IMPORTS := $(BUILD)/kit/libkernelbase.a
$(SEAM_IMPORTS): common/seam/kernelbase.def | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,LIB,$@)$(CROSS)dlltool -d $< -l $@

-include $(SEAM_OBJECTS:.o=.d)
