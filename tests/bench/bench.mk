# make bench: speed, always as a ratio of two things measured in one run.

BENCH := $(BUILD)/bench
BENCH_ROUNDS ?= 7

BENCH_PROGRAMS := $(addprefix $(BENCH)/, nop.exe load.exe plain_server.exe many.exe starts memory)

# All linked with the seam, like the servers they are compared with.
BENCH_CC = $(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS)
$(addprefix $(BENCH)/, load.exe plain_server.exe seam_bench.exe): \
  $(BENCH)/%.exe: tests/bench/%.c $(KIT_OBJECTS) $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(BENCH_CC) $< $(KIT_OBJECTS) $(KIT_LDFLAGS) $(KIT_LDLIBS) -o $@

$(BENCH)/nop.exe: tests/bench/nop.c | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) -O1 $< -o $@

$(BENCH)/many.exe: $(BUILD)/programs/solutions/03-many-clients/server.built
	@mkdir -p $(@D)
	@cp $(<:.built=.exe) $@

$(BENCH)/starts: $(addprefix $(BUILD)/kit/native/tests/, bench/starts.o runner/cpu.o runner/children.o runner/clock.o \
    $(patsubst tests/runner/%.c,runner/%.o,$(filter tests/runner/sandbox%.c,$(PLAY_SOURCES))))
	$(call quiet,LINK,$@)$(HOST_CC) $^ -o $@

$(BENCH)/memory: tests/bench/memory.c | $(INSTALLED)
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(HOST_CC) -O1 -D_GNU_SOURCE $< -o $@

.PHONY: bench bench-loop bench-slots bench-servers bench-seam
bench: ## measure speed: ratios, side by side
	@+for part in loop slots servers asking seam; do \
	  $(MAKE) --no-print-directory bench-$$part || exit; done

# printf's %s are the source and the program.
BENCH_COMPILE = $(BENCH_CC) %s $(KIT_OBJECTS) $(KIT_LDFLAGS) $(KIT_LDLIBS) -o %s
bench-loop: $(BENCH_PROGRAMS) $(RUNNER) $(DIRECTOR) solutions
	@tests/bench/loop.sh 01-echo $(BENCH_ROUNDS) '$(BENCH_COMPILE)' \
	  $$(grep -c '^[ 0-9]* *01\.' tests/checks/01-echo.rubric)

bench-slots: $(BENCH_PROGRAMS) $(RUNNER) $(DIRECTOR) solutions
	@tests/bench/slots.sh 3 $(foreach lab,$(SOLUTION_LABS),--lab $(firstword $(subst -, ,$(lab))) --programs $(BUILD)/programs/solutions/$(lab))

bench-servers: $(BENCH_PROGRAMS) $(RUNNER) $(DIRECTOR)
	@tests/bench/servers.sh 3 12000

bench-seam: $(BENCH)/seam_bench.exe $(RUNNER) $(DIRECTOR) ## what the platform layer costs, call by call
	@taskset -c 0 $(RUNNER) run --exe $<

# ---- authorised requests, and lab 10's broker ----------------------------------

$(BENCH)/echo.exe $(BENCH)/asking.exe: tests/bench/asking_server.c $(KIT_OBJECTS) $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(BENCH_CC) $(if $(filter %/asking.exe,$@),-DASKING) $< $(KIT_OBJECTS) $(KIT_LDFLAGS) $(KIT_LDLIBS) -o $@

$(BENCH)/ledger.exe: $(BUILD)/programs/solutions/10-ledger/server.built
	@mkdir -p $(@D)
	@cp $(<:.built=.exe) $@

.PHONY: bench-asking
bench-asking: $(BENCH)/load.exe $(BENCH)/echo.exe $(BENCH)/asking.exe $(BENCH)/ledger.exe $(RUNNER) $(DIRECTOR)
	@tests/bench/asking.sh 3 12000
