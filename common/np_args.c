/* np_args.c - see np_args.h. */
#include "np_args.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

int np_wrong_usage(const char *usage, const char *what)
{
    fprintf(stderr, "%s\n%s", what, usage);
    return 2;
}

char *np_utf8(const wchar_t *text, size_t *size)
{
    int bytes = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = bytes > 0 ? malloc((size_t)bytes) : NULL;

    if (utf8 == NULL)
        return NULL;
    WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, bytes, NULL, NULL);
    if (size != NULL)
        *size = (size_t)bytes - 1;
    return utf8;
}

static bool same(const char *name, const wchar_t *argument)
{
    while (*name != '\0' && (wchar_t)*name == *argument) {
        name++;
        argument++;
    }
    return *name == '\0' && *argument == L'\0';
}

static const struct np_option *find(const struct np_option *options,
                                    const wchar_t *argument)
{
    for (; options->name != NULL; options++)
        if (same(options->name, argument))
            return options;
    return NULL;
}

static bool parse_number(const wchar_t *text, DWORD *number)
{
    unsigned long long value = 0;

    if (*text == L'\0')
        return false;
    for (; *text != L'\0'; text++) {
        if (*text < L'0' || *text > L'9')
            return false;
        value = value * 10 + (unsigned long long)(*text - L'0');
        if (value > MAXDWORD)
            return false;
    }
    *number = (DWORD)value;
    return true;
}

static int wrong(const char *usage, const char *what, const wchar_t *argument)
{
    char *text = np_utf8(argument, NULL);

    fprintf(stderr, "%s: %s\n%s", what, text != NULL ? text : "?", usage);
    free(text);
    return 2;
}

static void make_streams_binary(void)
{
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
}

int np_args(int *argc,
            wchar_t **argv,
            const char *usage,
            const struct np_option *options)
{
    int operands = 0;
    bool options_end = false;

    make_streams_binary();
    for (int i = 1; i < *argc; i++) {
        const wchar_t *argument = argv[i];

        if (options_end || argument[0] != L'-' || argument[1] == L'\0') {
            argv[operands++] = argv[i];
            continue;
        }
        if (same("--", argument)) {
            options_end = true;
            continue;
        }
        if (same("--help", argument)) {
            fputs(usage, stdout);
            return 0;
        }
        const struct np_option *option = find(options, argument);
        if (option == NULL)
            return wrong(usage, "unknown option", argument);
        if (option->flag != NULL) {
            *option->flag = true;
            continue;
        }
        if (++i == *argc)
            return wrong(usage, "a value is missing after", argument);
        if (option->text != NULL)
            *option->text = argv[i];
        else if (!parse_number(argv[i], option->number))
            return wrong(usage, "not a number from 0 to 4294967295", argv[i]);
    }
    *argc = operands;
    argv[operands] = NULL;
    return NP_ARGS_GO_ON;
}
