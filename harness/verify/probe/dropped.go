package probe

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/wait"
)

// droppedTopic is where mosquitto publishes how many messages it had no room for
// (mosquitto(8), Broker status).
const droppedTopic = "$SYS/broker/publish/messages/dropped"

// Drops listens to how many messages a mosquitto has dropped.
type Drops struct{ *Listener }

// ListenDrops begins to listen to the mosquitto at addr (host:port). It returns an
// error where that hasn't published a number within the last minute: mosquitto 2.0
// publishes it at its start and at each change, and drops the message after a
// minute (src/sys_tree.c).
func ListenDrops(ctx context.Context, addr string, login access.Login) (Drops, error) {
	l, err := Listen(ctx, addr, login, droppedTopic, "hoplab-drops-"+rand.Text()[:8], 1)
	if err != nil {
		return Drops{}, err
	}
	limit, cancel := context.WithTimeoutCause(ctx, answerLimit,
		fmt.Errorf("the MQTT broker at %s hasn't published %s in %v; restart it", addr, droppedTopic, answerLimit))
	defer cancel()
	err = wait.Until(limit, answerLimit/200, func() (bool, error) {
		n, _, err := l.Heard()
		return n > 0 || err != nil, err
	})
	if err != nil {
		l.Close()
		return Drops{}, err
	}
	return Drops{l}, nil
}

// Count returns how many messages were dropped since the broker's start, because a
// client's queue was full. The number may be as old as mosquitto's sys_interval.
func (d Drops) Count() (int64, error) {
	_, last, err := d.Heard()
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(last[0]), 10, 64)
}
