# The tools around the labs, as students use them. The authors' tools are in
# authors.mk, which a handout does not have.
#
# A handout (make handout) has no solutions/, no audit, no tests of the kit and
# no slides; its Makefile is ours without the include lines of what is missing.
# So nothing that a student calls may need a variable of those files, and
# nothing here may need solutions/.

TOOLS := tests/tools

.PHONY: install-needed doctor hint progress watch explain

# ---- the machine -------------------------------------------------------------

# Everything that compiles or runs needs these packages, and some of it asks for
# them while the makefiles are still being read (pkg-config). So the stamp is an
# included makefile, an empty one: make brings it up to date before all else.
# The script looks each time, with shell built-ins alone (2 ms), and installs
# what is missing; when nothing is, the stamp keeps its time and nothing is
# read again.
install-needed: ## install the packages the kit needs
	@$(TOOLS)/install.sh $(INSTALLED)
$(INSTALLED): install-needed ;

NEEDS_NOTHING := help clean doctor install-needed hint progress explain starters \
  update-starters check-starters check-hints check-tools handout
ifneq ($(filter-out $(NEEDS_NOTHING),$(or $(MAKECMDGOALS),help)),)
include $(INSTALLED)
endif

doctor: ## what this machine has, and what is missing
	@$(TOOLS)/doctor.sh

# For clangd (.clangd points there). Made anew when a command changes; for a file
# that is new clangd takes the command of its neighbours.
COMPDB := $(BUILD)/compile_commands.json
$(COMPDB): $(filter %.mk Makefile,$(MAKEFILE_LIST)) $(TOOLS)/compdb.sh
	@$(TOOLS)/compdb.sh $@ '$(CROSS_CC) $(KIT_CFLAGS) $(WARNINGS)' \
	  '$(HOST_CC) $(ENGINE_CFLAGS) -Icommon -Wall -Wextra'
all watch: $(COMPDB)
ifneq ($(LAB),)
check run: | $(COMPDB)
endif

# ---- learning ----------------------------------------------------------------

hint: ## one hint at a time: LAB=01 [TASK=01.2] [N=2]
	@$(TOOLS)/hint.sh '$(LAB)' '$(TASK)' '$(N)'

progress: ## a line a lab: points and attempts
	@$(TOOLS)/progress.sh

# What a grading of labs/ ends with, so that progress knows of it:
#     @$(GRADE) ...; status=$$?; $(RECORD); exit $$status
RECORD = $(if $(TEST)$(filter-out labs,$(TREE)),:,$(TOOLS)/record.sh)

watch: ## check the current lab (or LAB=01) at each save
	@MAKE='$(MAKE)' $(TOOLS)/watch.sh '$(LAB)'

explain: ## the reference beside your code, once green: LAB=01
	@MAKE='$(MAKE)' $(TOOLS)/explain.sh '$(LAB)'

# A handout has no tests of the kit.
ifeq ($(wildcard tests/kit/kit.mk),)
.PHONY: check-kit
check-kit:
	@echo 'Say which lab: make check LAB=01. There are: $(LAB_NAMES).' >&2; exit 2
endif

-include $(TOOLS)/authors.mk
