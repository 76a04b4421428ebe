# The play: what a check can make happen in its private Windows, and the
# sandbox around that. runner.mk links it with the engine.

ifeq ($(OS),Windows_NT)
SANDBOX_SOURCES := sandbox_msys.c
else
SANDBOX_SOURCES := sandbox.c sandbox_problem.c sandbox_wine.c \
  sandbox_prefix.c sandbox_bwrap.c sandbox_filter.c sandbox_plain.c
endif

PLAY_SOURCES := $(addprefix tests/runner/, \
  play.c play_line.c play_programs.c play_await.c play_watch.c play_record.c \
  play_peers.c play_reply.c play_talk.c play_crowd.c play_files.c play_lanes.c \
  command_line.c expect.c line_ends.c readable.c stage.c demo.c demo_script.c run.c \
  $(SANDBOX_SOURCES))
