/* Hostile datagrams for the compiled way in, built with the sanitizers: `hostile SEED SECONDS`. Says how many it took.
   The keys are stand-ins that let every packet through, so that all of it is read. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "hot.h"

enum { VIEWERS = 5, FIRST_SSRC = 100, PAYLOAD_TYPE = 96 };

static int unprotect(void *context, void *packet, int *length)
{
    (void)context, (void)packet, (void)length;
    return 0;
}

static int protect(void *context, void *packet, int *length)
{
    (void)context;
    memset((uint8_t *)packet + *length, 7, 16);
    *length += 16;
    return 0;
}

static int bound(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int made = socket(AF_INET, SOCK_DGRAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(made, (void *)address, size) || getsockname(made, (void *)address, &size))
        exit(1);
    return made;
}

static fanout_t *viewers(const struct sockaddr_in *address)
{
    fanout_t *fanout = calloc(1, sizeof *fanout);
    sent_t *sent = calloc(1, sizeof *sent);
    fanout->count = VIEWERS;
    fanout->copies = calloc(VIEWERS, sizeof *fanout->copies);
    for (int i = 0; i < VIEWERS; i++) {
        copy_t *copy = fanout->copies[i] = calloc(1, sizeof *copy);
        copy->address_length = sizeof *address;
        memcpy(copy->address, address, sizeof *address);
        copy->sent = i & 1 ? sent : 0;
    }
    return fanout;
}

static stream_t *stream(uint32_t ssrc, int pictures, const struct sockaddr_in *address)
{
    stream_t *made = calloc(1, sizeof *made);
    made->ssrc = ssrc;
    made->payload_type = PAYLOAD_TYPE;
    made->fanout = viewers(address);
    made->red_fanout = viewers(address);
    made->cache = pictures ? calloc(CACHE, sizeof *made->cache) : 0;
    return made;
}

/* Bytes at random; most of them with a header that one of the streams would take. */
static int datagram(uint8_t *b, stream_t **streams)
{
    int length = rand() & 1 ? rand() % 60 : rand() % 2200, which = rand() & 1;
    for (int i = 0; i < length; i++)
        b[i] = rand();
    if (length < 20 || rand() % 8 == 0)
        return length;
    uint64_t number = streams[which]->next + (rand() % 8 == 0);
    b[0] = 0x80 | (rand() & 1) << 4 | (rand() % 8 ? 0 : rand() & 0x2f);
    b[1] = PAYLOAD_TYPE;
    b[2] = number >> 8;
    b[3] = number;
    b[8] = b[9] = b[10] = 0;
    b[11] = FIRST_SSRC + which;
    b[12] = rand() & 1 ? 0xbe : 0x10;
    b[13] = b[12] == 0xbe ? 0xde : rand() & 15;
    b[14] = 0;
    b[15] = rand() % 6;
    return length;
}

int main(int count, char **words)
{
    struct sockaddr_in here, there;
    int near = bound(&here), far = bound(&there);
    known_t *table = calloc(PLACES, sizeof *table);
    came_t *came = calloc(BATCH, sizeof *came);
    uint8_t *datagrams = malloc(BATCH * LARGEST), packet[3000], address[28] = {0};
    source_t *source = calloc(1, sizeof *source);
    if (count < 3)
        return 2;
    srand(atoi(words[1]));
    source->context = source;
    source->meanings[1] = 1;
    source->meanings[3] = 2;
    source->streams = 2;
    source->left = source->doubtful = 1000;
    for (int i = 0; i < 2; i++)
        source->stream[i] = stream(FIRST_SSRC + i, !i, &there);
    memcpy(address, &there, sizeof there);
    remember(table, address, source);
    uint64_t plain = 0, all = 0;
    for (time_t end = time(0) + atoi(words[2]); time(0) < end; all += 8) {
        for (int i = 0; i < 2; i++) {
            source->stream[i]->quick = 1;
            source->stream[i]->redundant = rand() & 1;
        }
        source->arrivals = rand() % 20 ? source->arrivals : 0;
        source->left = rand() % 20;
        source->doubtful = rand() % 20;
        for (int i = 0; i < 8; i++)
            sendto(far, packet, datagram(packet, source->stream), 0, (void *)&here, sizeof here);
        while (take(near, table, came, datagrams, protect, unprotect) > 0)
            ;
        while (recv(far, packet, sizeof packet, MSG_DONTWAIT) > 0)
            ;
    }
    for (int i = 0; i < 2; i++)
        plain += source->stream[i]->packets;
    printf("%lu datagrams, %lu of them plain\n", all, plain);
    return plain < 100;
}
