/*
 * np_args.h - the command line of a lab program, and its standard streams.
 *
 *     const wchar_t *pipe = ECHO_PIPE;
 *     DWORD timeout_ms = 5000;
 *     const struct np_option options[] = {
 *         {"--pipe", .text = &pipe},
 *         {"--timeout", .number = &timeout_ms},
 *         {0}};
 *     int status = np_args(&argc, argv, USAGE, options);
 *     if (status != NP_ARGS_GO_ON)
 *         return status;
 *     // argv[0 .. argc-1] are now what is no option
 */
#ifndef NP_ARGS_H
#define NP_ARGS_H

#include "np_error.h"

/* One option and where its value goes. One of the three is not NULL; the
 * variable keeps its value (the default) when the option is not given. */
struct np_option {
    const char *name;     /* with its dashes; ASCII */
    const wchar_t **text; /* the next argument; points into argv */
    DWORD *number;        /* the next argument, decimal, 0 .. 2^32-1 */
    bool *flag;           /* true; no argument follows */
};

enum { NP_ARGS_GO_ON = -1 };

/*
 * np_args - read the options and leave the operands.
 *
 * argc, argv  in   as wmain got them; argv[0] is the program
 *             out  the operands only, first at argv[0]
 * usage       in   shown for --help and for wrong usage; ends with \n
 * options     in   ends with an entry without a name
 *
 * Options and operands may be mixed; "--" ends the options; "-" is an
 * operand. Also makes the three standard streams binary, so that a line ends
 * with \n alone and data passes unchanged.
 *
 * Returns NP_ARGS_GO_ON, or the exit code wmain has to return: 0 after
 * --help (usage on standard output), 2 after wrong usage (one line that names
 * the wrong argument, and the usage, on standard error).
 */
NP_NODISCARD int np_args(int *argc,
                         wchar_t **argv,
                         const char *usage,
                         const struct np_option *options);

/* np_wrong_usage - the same for what a program finds wrong by itself, such
 * as a missing operand. Returns 2. */
int np_wrong_usage(const char *usage, const char *what);

/*
 * np_utf8 - text as UTF-8 bytes.
 *
 * text  in   UTF-16, ends with a NUL; an unpaired surrogate becomes U+FFFD
 * size  out  bytes without the NUL; may be NULL
 *
 * Returns memory that the caller frees with free(), NUL-terminated; NULL when
 * there is none left. Ref: WideCharToMultiByte.
 */
NP_NODISCARD char *np_utf8(const wchar_t *text, size_t *size);

#endif
