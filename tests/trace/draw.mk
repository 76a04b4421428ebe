# make trace: a lab's demo, or one program, drawn.

TRACE_NAME = $(BUILD)/trace/$(if $(LAB),$(LAB_NUMBER),$(basename $(notdir $(SRC))))
TRACE_DRAW = $(TRACE) $(TRACE_NAME).tsv --svg $(TRACE_NAME).svg --text && \
  echo && echo 'The picture: $(TRACE_NAME).svg (any browser opens it)'

.PHONY: trace no-trace trace-pair trace-copy trace-file
ifneq ($(LAB),)
trace: $(if $(LAB_PROBLEM),no-lab,$(if $(PROGRAMS),trace-pair,trace-copy)) ## draw who each thread is over time: LAB=05 or SRC=FILE.c
else
trace: $(if $(SRC),trace-file,no-trace)
endif

no-trace: ; @$(call refuse,Say what to trace: LAB=05 for a lab$(comma) SRC=FILE.c for any C file.)

# The lab's demo is what the programs do; its transcript is in the .txt file.
trace-pair: $(PROGRAMS)/server.built $(PROGRAMS)/client.built $(RUNNER) $(DIRECTOR) $(TRACE)
	@mkdir -p $(BUILD)/trace
	@$(RUNNER) demo --labs $(if $(wildcard labs/$(LAB_NAME)/demo.txt),labs,solutions) \
	  --lab $(LAB_NAME) --programs $(PROGRAMS:/$(LAB_NAME)=) --record $(TRACE_NAME).tsv >$(TRACE_NAME).txt
	@$(TRACE_DRAW)

trace-copy: | $(INSTALLED)
	@+$(call with_copy,trace-pair)

trace-file: run-program $(TRACE)
	@mkdir -p $(BUILD)/trace
	@$(RUNNER) run --exe '$(RUN_PROGRAM)' --record $(TRACE_NAME).tsv -- $(ARGS) || true
	@$(TRACE_DRAW)
