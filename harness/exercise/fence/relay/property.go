package relay

import "encoding/binary"

// The flags of CONNECT with which the broker keeps no session, and with which a name and
// a password follow.
const (
	cleanSession = 0x02
	withPassword = 0x40
	withUser     = 0x80
)

// The properties of version 5 by which a session or a will outlives its connection, in
// seconds, each of four bytes. Source: OASIS MQTT 5.0, 3.1.2.11.2 and 3.1.3.2.2.
const (
	sessionExpiry = 0x11
	willDelay     = 0x18
)

// forget sets a property of four bytes to 0, which is what it is without being given.
// What can't be read is left to the broker, which closes the connection.
func forget(properties []byte, which byte) {
	for len(properties) > 0 {
		id, rest := properties[0], properties[1:]
		size, known := sizeOf(id, rest)
		if !known || size > len(rest) {
			return
		}
		if id == which {
			clear(rest[:size])
		}
		properties = rest[size:]
	}
}

// sizeOf returns how long the value of a property of CONNECT or of a will is, in bytes.
// Source: OASIS MQTT 5.0, table 2-4.
func sizeOf(id byte, value []byte) (size int, known bool) {
	text := func(at int) int {
		if len(value) < at+2 {
			return len(value) + 1
		}
		return at + 2 + int(binary.BigEndian.Uint16(value[at:]))
	}
	switch id {
	case 0x01, 0x17, 0x19:
		return 1, true
	case 0x21, 0x22:
		return 2, true
	case 0x02, sessionExpiry, willDelay, 0x27:
		return 4, true
	case 0x03, 0x08, 0x09, 0x15, 0x16:
		return text(0), true
	case 0x26: // a name and a value
		return text(text(0)), true
	}
	return 0, false
}
