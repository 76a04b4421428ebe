# The tools of authors and instructors; not part of a handout.

.PHONY: starters update-starters check-starters check-hints check-tools handout

starters: ## make the starters of solutions/ below build/starters
	@$(TOOLS)/starters.sh generate $(BUILD)/starters

update-starters: ## bring labs/ up to date; refuses over edits ([LAB=01])
	@$(TOOLS)/starters.sh update '$(LAB)'

check-starters: ## prove that labs/ is what solutions/ makes
	@$(TOOLS)/starters.sh check

check-hints: ## prove that hints are complete and give nothing away
	@$(TOOLS)/hint_lint.sh

# Every tests/kit/tools_*.sh; each ends with `N passed, N failed, N skipped`.
check-tools: ## the tests of these tools
	@$(TOOLS)/check_tools.sh

handout: ## what students get, as OUT=DIR.zip
	@$(TOOLS)/handout.sh '$(OUT)'
