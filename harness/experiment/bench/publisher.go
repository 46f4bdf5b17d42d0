package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
)

// Publisher compares the publisher with `mosquitto_pub -q 1 -l` on the same
// broker: rows/s that reach a subscriber. mosquitto_pub is given the JSON ready
// made in a file; the publisher makes it.
//
// The subscriber is what counts, for mosquitto_pub 2.0.11 ends at the end of
// its input without waiting for the broker: of 200,000 lines of a file, 3,400
// had arrived. Its input is therefore held open until all have.
func Publisher(ctx context.Context, p pipeline.Pipeline, dir string, rows int64, runs int) (Figure, error) {
	path := filepath.Join(dir, "messages.json")
	if err := writeMessages(path, rows); err != nil {
		return Figure{}, err
	}
	defer os.Remove(path)
	var pairs []pair
	for range runs {
		ours, err := arrivals(ctx, p, rows, func() (stop func() error, err error) {
			return func() error { return nil }, publishRows(ctx, p, p.Names.Source, rows)
		})
		if err != nil {
			return Figure{}, err
		}
		theirs, err := arrivals(ctx, p, rows, func() (func() error, error) {
			return mosquittoPub(ctx, p.MQTT(), p.Names.Source, path)
		})
		if err != nil {
			return Figure{}, err
		}
		pairs = append(pairs, pair{ours, theirs})
	}
	return compare("publisher / mosquitto_pub -l", "rows/s", pairs, 1, false), nil
}

// arrivals returns the rows/s from the call of publish, which may return before
// all rows are sent, to the last row's arrival.
func arrivals(ctx context.Context, p pipeline.Pipeline, rows int64, publish func() (stop func() error, err error)) (float64, error) {
	var heard atomic.Int64
	session := wire.Session{Addr: p.MQTT(), ClientID: "bench-count"}
	client, err := session.Subscribe(ctx, p.Names.Source, 0, func(mqtt.Message) { heard.Add(1) })
	if err != nil {
		return 0, err
	}
	defer client.Disconnect(100)
	began := time.Now()
	stop, err := publish()
	if err != nil {
		return 0, err
	}
	_, last, n, err := follow(ctx, rows, func(context.Context) (int64, error) { return heard.Load(), nil })
	if stopped := stop(); err == nil {
		err = stopped
	}
	if err == nil && n < rows {
		err = fmt.Errorf("%d of %d published messages reached a subscriber", n, rows)
	}
	return float64(rows) / last.Sub(began).Seconds(), err
}

func writeMessages(path string, rows int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	source, err := wisdm.Generator{Seed: 1, Rows: rows}.Open()
	if err != nil {
		return err
	}
	placed := wisdm.Placed(source, wisdm.DefaultBase)
	out := bufio.NewWriterSize(file, 1<<20)
	for range rows {
		row, err := placed.Read()
		if err != nil {
			return err
		}
		if _, err := out.Write(append(wisdm.AppendMessage(nil, row), '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

// publishRows publishes generated rows and returns when all are acknowledged.
func publishRows(ctx context.Context, p pipeline.Pipeline, topic string, rows int64) error {
	_, err := publish.Run(ctx, publish.Config{
		Broker: "tcp://" + p.MQTT(), ClientID: "bench-" + topic, Topic: topic, QoS: 1,
		Source: wisdm.Generator{Seed: 1, Rows: rows},
	})
	return err
}

// mosquittoPub starts it. stop ends its input, and waits until it has ended.
func mosquittoPub(ctx context.Context, addr, topic, path string) (stop func() error, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "mosquitto_pub", "-h", host, "-p", port, "-t", topic, "-q", "1", "-l")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("mosquitto_pub (Debian: apt-get install mosquitto-clients): %w", err)
	}
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(in, file)
		copied <- errors.Join(err, file.Close())
	}()
	return func() error {
		return errors.Join(<-copied, in.Close(), cmd.Wait())
	}, nil
}
