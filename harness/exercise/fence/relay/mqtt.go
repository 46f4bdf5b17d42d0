package relay

import (
	"bufio"
	"errors"
	"io"
)

// messages carries one connection to the MQTT broker.
type messages struct{ client }

// up forwards packets. It flushes them once no more have arrived.
func (m *messages) up(to io.Writer, from io.Reader) error {
	in, out := bufio.NewReaderSize(from, 64<<10), bufio.NewWriterSize(to, 64<<10)
	for {
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		packet, body, err := read(in)
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		if packet, err = m.check(packet, body); err != nil {
			return errors.Join(err, out.Flush())
		}
		if _, err := out.Write(packet); err != nil {
			return err
		}
	}
}

func (*messages) down(to io.Writer, from io.Reader) error {
	_, err := io.Copy(to, from)
	return err
}
