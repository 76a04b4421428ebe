# Slides: slides/NN-topic.md -> build/slides/NN-topic.html (and .pdf).
#
# The decks quote the sources, real runs and drawings; slides/INSTRUCTOR.md
# says how. Only rendering needs Node, and only looking at pages a browser.

DECKS       := $(wildcard slides/[0-9][0-9]-*.md)
SLIDES      := $(BUILD)/slides
SLIDES_NODE := $(BUILD)/slides-tools/.installed
DECK_PAGES  := $(DECKS:slides/%.md=$(SLIDES)/%.html)
DECK_PARTS  := slides/theme.css slides/marp.config.json $(wildcard slides/pictures/*.svg) \
  slides/tools/render.sh slides/tools/embed.awk
# Most decks hold drawings of real runs: newer programs, newer drawings.
DRAWN_FROM  := $(wildcard slides/tools/scene.* slides/tools/crop.awk $(TRACE_DIR)/*.c $(SOLUTION_LABS:%=solutions/%/*.[ch]))

# npm and the browser keep caches and settings in the home folder; it is none of
# the kit's business.
slides slides-pdf slides-pdf-files slides-png check-slides check-slides-pages update-slides: \
  export HOME := $(abspath $(BUILD)/slides-tools/home)

.PHONY: slides slides-pdf slides-pdf-files slides-png \
  check-slides check-slides-text check-slides-tools check-slides-pages update-slides
slides: $(DECK_PAGES) ## the decks as offline HTML, in build/slides

$(SLIDES_NODE): slides/package.json slides/package-lock.json slides/tools/install.sh
	@slides/tools/install.sh

$(SLIDES)/%.html: slides/%.md $(DECK_PARTS) $(SLIDES_NODE)
	@mkdir -p $(@D)
	$(if $(V),,@printf '  %-5s %s\n' DECK $@ &&) slides/tools/render.sh $< $@

slides-pdf: ## the decks as PDF, when a browser is there
	@if slides/tools/chrome.sh >/dev/null; \
	then $(MAKE) --no-print-directory slides-pdf-files; \
	else echo 'skipped: no browser'; fi

slides-pdf-files: $(DECK_PAGES:.html=.pdf)

$(SLIDES)/%.pdf: $(SLIDES)/%.html slides/tools/browser.mjs
	$(if $(V),,@printf '  %-5s %s\n' PDF $@ &&) node slides/tools/browser.mjs pdf $< $@

$(DECK_PAGES): $(DRAWN_FROM) | $(RUNNER) $(DIRECTOR) $(TRACE) solutions

# One picture a page, to look at.
slides-png: $(DECK_PAGES)
	@for page in $^; do node slides/tools/browser.mjs png $$page $${page%.html}.pages || exit; done

check-slides: check-slides-text check-slides-tools check-slides-pages ## every deck quotes what is true and fits its pages

# The programs that the transcripts run are built before, once.
check-slides-text: $(RUNNER) $(DIRECTOR) $(TRACE) solutions
	@awk -f slides/tools/lint.awk $(DECKS)
	@slides/tools/refresh.sh check $(DECKS) slides/MISCONCEPTIONS.md

# Only a machine that cannot render is excused; a deck that cannot be rendered
# is a failure. What the drawings need is built here: the make below must not
# build it a second time beside this one.
check-slides-pages: $(RUNNER) $(DIRECTOR) $(TRACE) solutions
	@if ! $(MAKE) --no-print-directory $(SLIDES_NODE); \
	then echo 'skipped: the pages were not rendered'; echo '0 passed, 0 failed, 1 skipped'; \
	elif ! $(MAKE) --no-print-directory slides; then echo '0 passed, 1 failed, 0 skipped'; exit 1; \
	else slides/tools/look.sh $(DECK_PAGES); fi

# After the pages: by then the packages are installed, if they can be.
check-slides-tools: check-slides-pages
	@for test in regions quotes rules; do tests/kit/slides_$$test.sh | grep -v ^PASS || exit; done
	@$(MAKE) --no-print-directory $(SLIDES)/pages.log && cat $(SLIDES)/pages.log

# A browser takes seconds to start: again only when what is tested has changed.
$(SLIDES)/pages.log: $(wildcard slides/tools/*) $(DECK_PARTS) tests/kit/slides_pages.sh
	@mkdir -p $(@D)
	@tests/kit/slides_pages.sh >$@.new; status=$$?; grep -v ^PASS $@.new >$@.part; rm -f $@.new; \
	if [ $$status -ne 0 ]; then cat $@.part; exit 1; fi; mv $@.part $@

update-slides: $(RUNNER) $(DIRECTOR) $(TRACE) solutions ## renew what the decks quote
	@slides/tools/refresh.sh update $(DECKS) slides/MISCONCEPTIONS.md
