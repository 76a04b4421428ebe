/* 04-front-door-sddl.c - what the text of a pipe's descriptor says. */
#include "04-front-door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRITE_DAC 0x40000ul
#define WRITE_OWNER 0x80000ul
#define ALL_RIGHTS (WRITE_DAC | WRITE_OWNER)

/* An entry, "(type;flags;rights;;;who)". */
struct entry {
    char type[8];
    char rights[80];
    char who[200];
};

/* The entry that begins here. No field of an entry for everybody or for a SID
 * is longer than there is room. */
static struct entry read_entry(const char *at)
{
    struct entry entry = {0};
    const char *fields[6];
    size_t count = 0;

    for (fields[count++] = ++at; *at != '\0' && *at != ')'; at++)
        if (*at == ';' && count < 6)
            fields[count++] = at + 1;
    if (count < 6)
        return entry;
    snprintf(entry.type,
             sizeof entry.type,
             "%.*s",
             (int)strcspn(fields[0], ";"),
             fields[0]);
    snprintf(entry.rights,
             sizeof entry.rights,
             "%.*s",
             (int)strcspn(fields[2], ";"),
             fields[2]);
    snprintf(
        entry.who, sizeof entry.who, "%.*s", (int)(at - fields[5]), fields[5]);
    return entry;
}

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && strcmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

bool door_denies_network(const char *sddl)
{
    static const char *const network[] = {"NU", "S-1-5-2", NULL};

    for (const char *at = sddl; (at = strchr(at, '(')) != NULL; at++) {
        struct entry entry = read_entry(at);
        if (strcmp(entry.type, "D") == 0 && is_one_of(entry.who, network))
            return true;
    }
    return false;
}

/* Of the rights to change the descriptor, those that are among these. */
static unsigned long changing(const char *rights)
{
    static const char *const all[] = {"GA", "FA", NULL};
    unsigned long mask = 0;

    if (strncmp(rights, "0x", 2) == 0) {
        mask = strtoul(rights, NULL, 16);
        return (mask & 0x10000000) != 0 ? ALL_RIGHTS : mask & ALL_RIGHTS;
    }
    for (; rights[0] != '\0' && rights[1] != '\0'; rights += 2) {
        char word[3] = {rights[0], rights[1], '\0'};
        mask |= is_one_of(word, all)      ? ALL_RIGHTS
                : strcmp(word, "WD") == 0 ? WRITE_DAC
                : strcmp(word, "WO") == 0 ? WRITE_OWNER
                                          : 0;
    }
    return mask;
}

/* The owner may change the DACL whatever it says, and nobody is CREATOR OWNER
 * or CREATOR GROUP but in what is inherited. */
static bool may_change_anyway(const char *sddl, const char *who)
{
    const char *const trusted[] = {
        lab_group(), "IU", "SY", "BA", "OW", "CO", "CG", NULL};
    size_t size = strlen(who);

    return is_one_of(who, trusted) ||
           (strncmp(sddl, "O:", 2) == 0 && strncmp(sddl + 2, who, size) == 0 &&
            strchr("DGS", sddl[2 + size]) != NULL);
}

const char *door_changes_descriptor(const char *sddl)
{
    static const char *const everyone[] = {"WD", "S-1-1-0", NULL};
    unsigned long denied = 0;

    for (const char *at = sddl; (at = strchr(at, '(')) != NULL; at++) {
        struct entry entry = read_entry(at);
        unsigned long mask = changing(entry.rights) & ~denied;

        if (strcmp(entry.type, "D") == 0 && is_one_of(entry.who, everyone))
            denied |= mask;
        if (strcmp(entry.type, "A") == 0 && mask != 0 &&
            !may_change_anyway(sddl, entry.who))
            return door_words("%.*s", (int)strcspn(at, ")") + 1, at);
    }
    return NULL;
}

/* Whether rights are enough to open a pipe to read or to write. */
static bool opens(const char *rights)
{
    static const char *const words[] = {
        "GA", "GR", "GW", "FA", "FR", "FW", "CC", "DC", NULL};

    if (strncmp(rights, "0x", 2) == 0)
        return (strtoul(rights, NULL, 16) & 0xD0000003) != 0;
    for (; rights[0] != '\0' && rights[1] != '\0'; rights += 2) {
        char word[3] = {rights[0], rights[1], '\0'};
        if (is_one_of(word, words))
            return true;
    }
    return false;
}

const char *door_admits_others(const char *sddl, const char *const *who)
{
    for (const char *at = sddl; (at = strchr(at, '(')) != NULL; at++) {
        struct entry entry = read_entry(at);

        if (strcmp(entry.type, "A") == 0 && opens(entry.rights) &&
            !is_one_of(entry.who, who) && !may_change_anyway(sddl, entry.who))
            return door_words("%.*s", (int)strcspn(at, ")") + 1, at);
    }
    return NULL;
}
