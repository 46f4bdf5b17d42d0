package relay

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"hoplab.example/harness/server/access"
)

// maxPacket is the greatest length of a packet, in bytes. A row takes about 200.
const maxPacket = 1 << 20

// read returns a packet with its fixed header, and what follows that. Source for
// all of this file: OASIS MQTT 3.1.1 and 5.0, chapters 2 and 3.
func read(in *bufio.Reader) (packet, body []byte, err error) {
	first, err := in.ReadByte()
	if err != nil {
		return nil, nil, err
	}
	packet = []byte{first}
	length := 0
	for shift := 0; ; shift += 7 {
		b, err := in.ReadByte()
		if err != nil {
			return nil, nil, err
		}
		packet = append(packet, b)
		length |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
		if shift == 21 {
			return nil, nil, &RefusedError{Server: "MQTT", What: "sent invalid MQTT"}
		}
	}
	if length > maxPacket {
		return nil, nil, &RefusedError{Server: "MQTT", What: fmt.Sprintf("sent a packet of %d bytes, more than %d", length, maxPacket)}
	}
	head := len(packet)
	packet = append(packet, make([]byte, length)...)
	_, err = io.ReadFull(in, packet[head:])
	return packet, packet[head:], err
}

// client is what is known of a client from its packets.
type client struct {
	topic     string
	left      *budget // for messages
	login     access.Login
	connected bool
	version   byte
}

// The types of packets that name a topic or open a connection.
const (
	connect     = 1
	publish     = 3
	subscribe   = 8
	unsubscribe = 10
)

// check returns a packet in the form to forward, or a *RefusedError.
func (c *client) check(packet, body []byte) ([]byte, error) {
	kind := packet[0] >> 4
	switch {
	case c.connected == (kind == connect):
		return nil, c.refuse("sent invalid MQTT")
	case kind == connect:
		return c.connect(packet, body)
	}
	return packet, c.later(kind, &fields{rest: body})
}

func (c *client) later(kind byte, f *fields) error {
	switch kind {
	case publish:
		if topic := f.text(); topic != c.topic && !(topic == "" && c.version == 5) { // an alias of one before
			return c.refuse(fmt.Sprintf("published to %.100q", topic))
		}
		if !c.left.take(int64(len(f.rest))) {
			return c.refuse("published far more messages than there are rows")
		}
	case subscribe, unsubscribe:
		return c.subscribe(f, kind == subscribe)
	}
	return c.sound(f)
}

// budget is how many messages and bytes of them may still be published.
type budget struct{ messages, bytes atomic.Int64 }

func newBudget(l Limits) *budget {
	b := &budget{}
	b.messages.Store(l.Messages)
	b.bytes.Store(l.Bytes)
	return b
}

func (b *budget) take(size int64) bool { return b.messages.Add(-1) >= 0 && b.bytes.Add(-size) >= 0 }

func (c *client) refuse(what string) error {
	return &RefusedError{Server: "MQTT", What: what, Own: fmt.Sprintf("the topic %q", c.topic)}
}

func (c *client) sound(f *fields) error {
	if f.bad {
		return c.refuse("sent invalid MQTT")
	}
	return nil
}

// connect adds the topic and "script" to the client's id: a broker closes the
// connection of a client when another one connects with the same id, and so neither
// another script nor the run's own probe is met. The broker keeps nothing of the client
// once its connection has ended: the session is clean, and a will comes at once. Where
// the broker asks for a login, the client's own is replaced.
func (c *client) connect(packet, body []byte) ([]byte, error) {
	f := &fields{rest: body}
	name := f.text()
	c.version, c.connected = f.byte(), true
	if f.bad || name != "MQTT" && name != "MQIsdp" || c.version < 3 || c.version > 5 {
		return nil, c.refuse("uses an unknown version of MQTT")
	}
	flags := f.byte()
	at := len(body) - len(f.rest) - 1
	if c.version < 5 {
		body[at] |= cleanSession
	}
	f.skip(2) // keepalive
	forget(f.properties(c.version), sessionExpiry)
	made := bytes.Clone(body[:len(body)-len(f.rest)])
	id, will := f.text(), f.rest
	if flags&0x04 != 0 { // it has a will
		forget(f.properties(c.version), willDelay)
		if topic := f.text(); topic != c.topic {
			return nil, c.refuse(fmt.Sprintf("left a will for %.100q", topic))
		}
		f.text() // the message
	}
	if err := c.sound(f); err != nil {
		return nil, err
	}
	if id != "" { // the broker gives a client without an id one of its own
		id += "-" + c.topic + "-script"
	}
	if len(id) > 0xffff {
		return nil, c.refuse("has a client id of " + fmt.Sprint(len(id)) + " bytes")
	}
	made = append(text(made, id), will[:len(will)-len(f.rest)]...)
	if c.login.User == "" {
		return framed(packet[0], append(made, f.rest...)), nil
	}
	made[at] |= withUser | withPassword
	return framed(packet[0], text(text(made, c.login.User), c.login.Password.Reveal())), nil
}

// text appends a text with its length.
func text(to []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(to, uint16(len(s))), s...)
}

func framed(first byte, body []byte) []byte {
	packet := []byte{first}
	for n := len(body); ; n >>= 7 {
		if n < 0x80 {
			return append(append(packet, byte(n)), body...)
		}
		packet = append(packet, byte(n)|0x80)
	}
}

func (c *client) subscribe(f *fields, options bool) error {
	f.skip(2) // the packet's id
	f.properties(c.version)
	for !f.bad && len(f.rest) > 0 {
		if filter := f.text(); filter != c.topic {
			return c.refuse(fmt.Sprintf("subscribed to %.100q", filter))
		}
		if options {
			f.skip(1)
		}
	}
	return c.sound(f)
}

// fields reads the fields of a packet; bad says that it ended too early.
type fields struct {
	rest []byte
	bad  bool
}

func (f *fields) skip(n int) []byte {
	if n > len(f.rest) {
		f.bad, f.rest = true, nil
		return make([]byte, min(n, 2))
	}
	skipped := f.rest[:n]
	f.rest = f.rest[n:]
	return skipped
}

func (f *fields) byte() byte { return f.skip(1)[0] }

func (f *fields) text() string {
	return string(f.skip(int(binary.BigEndian.Uint16(f.skip(2)))))
}

// properties returns the properties that version 5 has.
func (f *fields) properties(version byte) []byte {
	if version != 5 {
		return nil
	}
	in := bufio.NewReader(strings.NewReader(string(f.rest)))
	length, err := varint(in)
	if err != nil {
		f.bad, f.rest = true, nil
		return nil
	}
	f.skip(length.bytes)
	return f.skip(length.value)
}

type number struct{ value, bytes int }

var errVarint = errors.New("invalid variable byte integer")

func varint(in io.ByteReader) (number, error) {
	n := number{}
	for shift := 0; shift <= 21; shift += 7 {
		b, err := in.ReadByte()
		if err != nil {
			return n, err
		}
		n.bytes++
		n.value |= int(b&0x7f) << shift
		if b < 0x80 {
			return n, nil
		}
	}
	return n, errVarint
}
