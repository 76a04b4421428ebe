# Which submission is meant (LAB=03 [SRC=DIR]), and how it is built and graded.

SOLUTION_LABS := $(notdir $(wildcard solutions/[0-9][0-9]-*))
STARTER_LABS  := $(notdir $(wildcard labs/[0-9][0-9]-*))
LAB_NAMES     := $(sort $(SOLUTION_LABS) $(STARTER_LABS))

# LAB=3 means LAB=03.
LAB_NUMBER := $(if $(filter 1 2 3 4 5 6 7 8 9,$(LAB)),0$(LAB),$(LAB))
LAB_NAME   := $(if $(LAB_NUMBER),$(firstword $(filter $(LAB_NUMBER)-%,$(LAB_NAMES))))

# A submission is graded where it stands when it is one of the kit's own
# folders; any other folder is copied into the build folder first.
TREE := $(if $(SRC),$(patsubst %/,%,$(SRC)),labs)
OTHER := $(if $(filter labs solutions $(BUILD)/programs/other/%,$(TREE)),,yes)
ifneq ($(filter labs solutions,$(TREE)),)
SUBMISSION := $(TREE)/$(LAB_NAME)
PROGRAMS   := $(BUILD)/programs/$(SUBMISSION)
else
SUBMISSION := $(TREE)
PROGRAMS   := $(dir $(TREE))
PROGRAMS   := $(PROGRAMS:/=)
endif
# Two folders never share a program: the copy's name is made from its path.
COPY = $(BUILD)/programs/other/$(LAB_NAME)-$(shell printf %s '$(abspath .):$(SRC)' | cksum | cut -d' ' -f1)

LAB_PROBLEM := $(if $(LAB_NAME),,There is no lab $(LAB); the labs are: $(LAB_NAMES).)

ifneq ($(LAB_NAME),)
ifeq ($(OTHER),)
$(eval $(call submission,$(SUBMISSION),$(PROGRAMS)))
endif
endif

RUNNER := $(BUILD)/kit/runner
GRADE  = $(RUNNER) grade --results $(BUILD)/results $(if $(TEST),--test '$(TEST)') \
  $(if $(V),--verbose) $(if $(JOBS),--jobs $(JOBS)) $(if $(REPEAT),--repeat $(REPEAT))

.PHONY: check-lab check-copy grade
check-lab: $(PROGRAMS)/server.built $(PROGRAMS)/client.built $(RUNNER) $(DIRECTOR)
	@$(GRADE) --lab $(LAB_NUMBER) --programs $(PROGRAMS)

check-copy: | $(INSTALLED)
	@tests/tools/copy_submission.sh '$(SRC)' '$(COPY)/src'
	@+$(MAKE) --no-print-directory check-lab LAB=$(LAB_NUMBER) SRC='$(COPY)/src'

# Everything in labs/, with points.
ALL_STARTERS := $(foreach lab,$(STARTER_LABS),$(BUILD)/programs/labs/$(lab))
ifneq ($(filter grade,$(MAKECMDGOALS)),)
$(foreach lab,$(STARTER_LABS),$(eval $(call submission,labs/$(lab),$(BUILD)/programs/labs/$(lab))))
endif
grade: $(ALL_STARTERS:=/server.built) $(ALL_STARTERS:=/client.built) $(RUNNER) $(DIRECTOR)
	@$(GRADE) $(foreach lab,$(STARTER_LABS),--lab $(firstword $(subst -, ,$(lab))) --programs $(BUILD)/programs/labs/$(lab))
