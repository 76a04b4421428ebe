# The play: what a check can make happen in its private Windows, and the
# sandbox around that. runner.mk links it with the engine.

PLAY_SOURCES := $(addprefix tests/runner/, \
  play.c play_line.c play_programs.c play_watch.c play_peers.c play_crowd.c \
  play_files.c \
  expect.c readable.c stage.c demo.c demo_script.c run.c \
  sandbox.c sandbox_problem.c sandbox_wine.c sandbox_prefix.c \
  sandbox_bwrap.c sandbox_filter.c sandbox_plain.c)
