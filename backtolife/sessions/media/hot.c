/* The hot loop: copy a canonical packet for each subscriber, patch what differs, encrypt, send all with one system call.
   Field for field what forward.py does; the same tests run on both. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64
#define ROOM 2048
#define LONGEST (ROOM - 144)

typedef struct {
    uint32_t payload_type, ssrc, extension;
    uint32_t sequence_offset, timestamp_offset, picture_offset, tl0_offset;
    uint32_t last_sequence, last_timestamp, last_picture, last_tl0;
    uint64_t packets, octets, drops;
    void *context;
    uint32_t address_length;
    uint8_t address[28];
} copy_t;

typedef int (*protect_t)(void *context, void *packet, int *length);

static uint8_t buffers[BATCH][ROOM];
static struct mmsghdr messages[BATCH];
static struct iovec pieces[BATCH];

static void patch(uint8_t *b, const uint8_t *packet, copy_t *copy, uint32_t sequence, uint32_t timestamp)
{
    b[1] = (packet[1] & 128) | copy->payload_type;
    b[2] = sequence >> 8;
    b[3] = sequence;
    b[4] = timestamp >> 24;
    b[5] = timestamp >> 16;
    b[6] = timestamp >> 8;
    b[7] = timestamp;
    b[8] = copy->ssrc >> 24;
    b[9] = copy->ssrc >> 16;
    b[10] = copy->ssrc >> 8;
    b[11] = copy->ssrc;
    b[16] = copy->extension;
}

static void patch_vp8(uint8_t *b, copy_t *copy, int picture_at, int tl0_at)
{
    if (picture_at) {
        uint32_t picture = (((b[picture_at] & 127) << 8 | b[picture_at + 1]) + copy->picture_offset) & 0x7fff;
        b[picture_at] = 0x80 | picture >> 8;
        b[picture_at + 1] = picture;
        copy->last_picture = picture;
    }
    if (tl0_at) {
        b[tl0_at] += copy->tl0_offset;
        copy->last_tl0 = b[tl0_at];
    }
}

static void flush(int descriptor, copy_t **sent, int count)
{
    int done = 0;
    while (done < count) {
        int taken = sendmmsg(descriptor, messages + done, count - done, MSG_DONTWAIT);
        if (taken <= 0)
            sent[done++]->drops++;
        else
            done += taken;
    }
}

int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at)
{
    copy_t *sent[BATCH];
    int filled = 0;
    uint32_t sequence = packet[2] << 8 | packet[3];
    uint32_t timestamp = (uint32_t)packet[4] << 24 | packet[5] << 16 | packet[6] << 8 | packet[7];
    if (size > LONGEST || size < 20)
        return -1;
    for (int i = 0; i < count; i++) {
        copy_t *copy = copies[i];
        uint32_t own_sequence = (sequence + copy->sequence_offset) & 0xffff;
        uint32_t own_timestamp = timestamp + copy->timestamp_offset;
        uint8_t *b = buffers[filled];
        int length = size;
        memcpy(b, packet, size);
        patch(b, packet, copy, own_sequence, own_timestamp);
        patch_vp8(b, copy, picture_at, tl0_at);
        if (((protect_t)protect)(copy->context, b, &length)) {
            copy->drops++;
            continue;
        }
        pieces[filled].iov_base = b;
        pieces[filled].iov_len = length;
        memset(&messages[filled], 0, sizeof messages[filled]);
        messages[filled].msg_hdr.msg_name = copy->address;
        messages[filled].msg_hdr.msg_namelen = copy->address_length;
        messages[filled].msg_hdr.msg_iov = &pieces[filled];
        messages[filled].msg_hdr.msg_iovlen = 1;
        sent[filled++] = copy;
        copy->last_sequence = own_sequence;
        copy->last_timestamp = own_timestamp;
        copy->packets++;
        copy->octets += size - 20;
        if (filled == BATCH) {
            flush(descriptor, sent, filled);
            filled = 0;
        }
    }
    flush(descriptor, sent, filled);
    return 0;
}
