package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/rows/wisdm"
)

const (
	paceTick   = time.Millisecond
	paceWindow = 20_000 // messages that the broker hasn't confirmed, at most; far below MQTT's 65,535 ids
)

// pacer publishes rows with QoS 1 at a steady rate, and remembers when it sent
// each. It takes far less CPU for a message than a full client, so that on a
// small machine what is measured isn't the measuring.
type pacer struct {
	conn      net.Conn
	topic     string
	sent      []atomic.Int64 // nanoseconds since began, by seq
	began     time.Time
	confirmed atomic.Int64
	broken    chan error
}

// dialPacer connects to the broker at addr, host:port.
func dialPacer(addr, id, topic string, rows int) (*pacer, error) {
	conn, err := wire.Open(&url.URL{Scheme: "tcp", Host: addr}, mqtt.ClientOptions{ConnectTimeout: answerLimit})
	if err != nil {
		return nil, err
	}
	p := &pacer{conn: conn, topic: topic, sent: make([]atomic.Int64, rows), began: time.Now(), broken: make(chan error, 1)}
	if err := p.connect(id); err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to the MQTT broker at %s: %w", addr, err)
	}
	go func() { p.broken <- p.listen() }()
	return p, nil
}

func (p *pacer) connect(id string) error {
	hello := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	hello.ProtocolName, hello.ProtocolVersion, hello.CleanSession, hello.ClientIdentifier = "MQTT", 4, true, id
	if err := hello.Write(p.conn); err != nil {
		return err
	}
	if err := p.conn.SetReadDeadline(time.Now().Add(answerLimit)); err != nil {
		return err
	}
	answer, err := packets.ReadPacket(p.conn)
	if err != nil {
		return err
	}
	if ack, ok := answer.(*packets.ConnackPacket); !ok || ack.ReturnCode != packets.Accepted {
		return fmt.Errorf("the answer is %v", answer)
	}
	return p.conn.SetReadDeadline(time.Time{})
}

func (p *pacer) listen() error {
	for {
		packet, err := packets.ReadPacket(p.conn)
		if err != nil {
			return err
		}
		if _, ok := packet.(*packets.PubackPacket); ok {
			p.confirmed.Add(1)
		}
	}
}

// run sends every row that is due, each millisecond, and returns the rows/s that
// it reached: fewer than it was asked for where the broker doesn't take more.
func (p *pacer) run(ctx context.Context, rate float64) (reached float64, err error) {
	tick := time.NewTicker(paceTick)
	defer tick.Stop()
	first := time.Now()
	var buffer []byte
	for n := 0; n < len(p.sent); {
		select {
		case <-tick.C:
		case err := <-p.broken:
			return 0, fmt.Errorf("the connection of the publisher broke: %w", err)
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
		due := min(len(p.sent), int(time.Since(first).Seconds()*rate), int(p.confirmed.Load())+paceWindow)
		buffer = buffer[:0]
		for now := time.Since(p.began).Nanoseconds(); n < due; n++ {
			p.sent[n].Store(now)
			buffer = p.append(buffer, n)
		}
		if _, err := p.conn.Write(buffer); err != nil {
			return 0, err
		}
	}
	return float64(len(p.sent)) / time.Since(first).Seconds(), nil
}

// append adds the PUBLISH packet of a row: MQTT 3.1.1, section 3.3.
func (p *pacer) append(buffer []byte, n int) []byte {
	payload := wisdm.AppendMessage(nil, wisdm.Row{
		Subject: 1600 + n%51, Activity: "A", TS: int64(n), X: -0.36476135, Y: 8.793503, Z: 1.0550842,
		Device: "phone", Sensor: "accel", Seq: int64(n), Time: wisdm.DefaultBase.Add(time.Duration(n) * time.Millisecond),
	})
	buffer = append(buffer, packets.Publish<<4|1<<1)
	buffer = binary.AppendUvarint(buffer, uint64(2+len(p.topic)+2+len(payload))) // MQTT's lengths are the same
	buffer = binary.BigEndian.AppendUint16(buffer, uint16(len(p.topic)))
	buffer = append(buffer, p.topic...)
	buffer = binary.BigEndian.AppendUint16(buffer, uint16(n%60_000+1))
	return append(buffer, payload...)
}

// since returns how long ago the row of that payload was sent. It reports false
// for what isn't the pacer's.
func (p *pacer) since(payload []byte) (seq int, ago time.Duration, ok bool) {
	seq, ok = seqOf(payload)
	if !ok || seq >= len(p.sent) {
		return 0, 0, false
	}
	return seq, time.Since(p.began) - time.Duration(p.sent[seq].Load()), true
}

// close ends the connection.
func (p *pacer) close() error {
	err := packets.NewControlPacket(packets.Disconnect).Write(p.conn)
	return errors.Join(err, p.conn.Close())
}
