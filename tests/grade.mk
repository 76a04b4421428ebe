# Which submission is meant (LAB=03 [SRC=DIR]), and how it is built and graded.

SOLUTION_LABS := $(notdir $(wildcard solutions/[0-9][0-9]-*))
STARTER_LABS  := $(notdir $(wildcard labs/[0-9][0-9]-*))
LAB_NAMES     := $(sort $(SOLUTION_LABS) $(STARTER_LABS))

# LAB=3 means LAB=03.
LAB_NUMBER := $(if $(filter 1 2 3 4 5 6 7 8 9,$(LAB)),0$(LAB),$(LAB))
LAB_NAME   := $(if $(LAB_NUMBER),$(firstword $(filter $(LAB_NUMBER)-%,$(LAB_NAMES))))
LAB_PROBLEM := $(if $(LAB_NAME),,$(if $(LAB),There is no lab $(LAB); the,SRC= needs LAB= beside it; the) labs are $(LAB_NAMES).)

# ---- the kit's own submissions ------------------------------------------------

ALL_SOLUTIONS := $(SOLUTION_LABS:%=$(BUILD)/programs/solutions/%)
ALL_STARTERS  := $(STARTER_LABS:%=$(BUILD)/programs/labs/%)
$(foreach lab,$(SOLUTION_LABS),$(eval $(call submission,solutions/$(lab),$(BUILD)/programs/solutions/$(lab),$(lab))))
$(foreach lab,$(STARTER_LABS),$(eval $(call submission,labs/$(lab),$(BUILD)/programs/labs/$(lab),$(lab))))

.PHONY: solutions starters-built
solutions: $(ALL_SOLUTIONS:=/server.built) $(ALL_SOLUTIONS:=/client.built)
starters-built: $(ALL_STARTERS:=/server.built) $(ALL_STARTERS:=/client.built)

# ---- the submission that LAB and SRC name --------------------------------------

TREE := $(if $(SRC),$(patsubst %/,%,$(SRC)),labs)
ifneq ($(filter labs solutions,$(TREE)),)
PROGRAMS := $(BUILD)/programs/$(TREE)/$(LAB_NAME)
else ifneq ($(COPIED),)
# Any other folder was copied to $(COPIED)/src by the make before this one.
PROGRAMS := $(COPIED)
$(eval $(call submission,$(COPIED)/src,$(COPIED),$(LAB_NAME),tests/tools/compile_jail.sh $(COPIED)))
else
PROGRAMS :=
endif

GRADE = $(RUNNER) grade $(if $(SRC),--src-label '$(or $(LABEL),$(SRC))') --results $(BUILD)/results $(if $(TEST),--test '$(TEST)') \
  $(if $(V),--verbose) $(if $(JOBS),--jobs $(JOBS)) $(if $(REPEAT),--repeat $(REPEAT))

.PHONY: check-lab check-copy grade
check-lab: COMPILE_LATER := yes
check-lab: $(PROGRAMS)/server.built $(PROGRAMS)/client.built $(RUNNER) $(DIRECTOR)
	@$(GRADE) --lab $(LAB_NUMBER) --programs $(PROGRAMS) \
	  $(foreach program,server client,$(if $(COMPILE.$(program)),--compile $(program) '$(COMPILE.$(program))')); \
	status=$$?; $(RECORD); exit $$status

# Copies the submission, then makes the given target with the copy. Two folders
# never share a copy: its name is made from the folder's path.
with_copy = copy=$(BUILD)/programs/other/$$(printf %s "$$PWD:$$SRC" | cksum | cut -d' ' -f1)/$(LAB_NAME) && \
	tests/tools/copy_submission.sh "$$SRC" "$$copy/src" && \
	$(MAKE) --no-print-directory $(1) COPIED="$$copy" LABEL="$$SRC" SRC=copied

check-copy: | $(INSTALLED)
	@+$(call with_copy,check-lab)
export SRC

# Everything in labs/, with points.
grade: starters-built $(RUNNER) $(DIRECTOR) ## grade everything in labs/, with a score
	@$(GRADE) $(foreach lab,$(STARTER_LABS),--lab $(firstword $(subst -, ,$(lab))) --programs $(BUILD)/programs/labs/$(lab)); status=$$?; $(RECORD); exit $$status
