# The tools around the labs: starters, hints, progress, watching, handing out.
#
# The top Makefile includes this file; so does the handout's, which is the
# same file. Nothing here may need solutions/: the handout has none. Targets
# that work on solutions/ (starters, explain, handout) say so when they are
# called, and are not among the prerequisites of any other.

TOOLS := tests/tools

.PHONY: install-needed doctor starters update-starters check-starters \
  check-hints hint progress watch explain handout

# ---- the machine -------------------------------------------------------------

# Every build has $(INSTALLED) as an order-only prerequisite. The script looks
# each time, with shell built-ins alone (2 ms), and installs what is missing.
install-needed: ## install the packages the kit needs
	@$(TOOLS)/install.sh $(INSTALLED)
$(INSTALLED): install-needed ;

doctor: ## what this machine has, and what is missing
	@$(TOOLS)/doctor.sh

# ---- learning ----------------------------------------------------------------

hint: ## one hint at a time: LAB=01 [TASK=01.2] [N=2]
	@$(TOOLS)/hint.sh '$(LAB)' '$(TASK)' '$(N)'

progress: ## a line a lab: points and attempts
	@$(TOOLS)/progress.sh

# After each `make check LAB=NN` of labs/ the Makefile calls
# $(TOOLS)/record.sh, which takes build/results/summary.tsv over into
# build/progress.
watch: ## check the current lab (or LAB=01) at each save
	@MAKE='$(MAKE)' $(TOOLS)/watch.sh '$(LAB)'

explain: ## the reference beside your own code, when the lab is green: LAB=01
	@MAKE='$(MAKE)' $(TOOLS)/explain.sh '$(LAB)'

# ---- for authors and instructors ---------------------------------------------

starters: ## make the starters of solutions/ below build/starters
	@$(TOOLS)/starters.sh generate $(BUILD)/starters

update-starters: ## bring labs/ up to date; refuses over edits ([LAB=01])
	@$(TOOLS)/starters.sh update '$(LAB)'

check-starters: ## prove that labs/ is what solutions/ makes
	@$(TOOLS)/starters.sh check

check-hints: ## prove that each task has four hints and none gives it away
	@$(TOOLS)/hint_lint.sh

handout: ## what students get, as OUT=DIR.zip
	@$(TOOLS)/handout.sh '$(OUT)'
