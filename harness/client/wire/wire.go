// Package wire opens connections to an MQTT broker that read and write in
// large pieces. The paho client makes three or four system calls for each message that
// it receives (ReadPacket of 1.5.1) and one for each that it sends; with this package,
// hundreds of small packets share one.
package wire

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

const (
	readSize   = 64 << 10
	maxPending = 256 << 10        // bytes that may wait to be written
	writeLimit = 20 * time.Second // for one write to be taken by the network
	closeLimit = time.Second      // for the last bytes of a connection
)

// Open connects to a tcp:// or mqtt:// address, or with TLS to an ssl://, tls:// or
// mqtts:// one. It is for paho's SetCustomOpenConnectionFn.
//
// Bytes are sent in the background, so a Write that succeeded may fail later: the
// connection is then closed, and its reader gets the error. Close first sends what
// is pending. Write deadlines have no effect, because the connection sets its own.
func Open(uri *url.URL, options mqtt.ClientOptions) (net.Conn, error) {
	raw, err := open(uri, options)
	if err != nil {
		return nil, err
	}
	return Over(raw), nil
}

// Over wraps a connection that is already open. Closing the result closes it.
func Over(raw net.Conn) net.Conn { return newConn(raw) }

func open(uri *url.URL, options mqtt.ClientOptions) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: options.ConnectTimeout}
	switch uri.Scheme {
	case "tcp", "mqtt":
		return dialer.Dial("tcp", uri.Host)
	case "ssl", "tls", "mqtts":
		return tls.DialWithDialer(dialer, "tcp", uri.Host, options.TLSConfig)
	}
	return nil, fmt.Errorf("open %s://%s: only tcp://HOST:PORT and ssl://HOST:PORT are supported", uri.Scheme, uri.Host)
}

type conn struct {
	net.Conn
	reader *bufio.Reader
	sent   chan struct{} // closed when nothing more will be sent

	mu      sync.Mutex
	change  *sync.Cond
	pending []byte
	closing bool
	err     error // why nothing more can be written
}

func newConn(raw net.Conn) *conn {
	c := &conn{Conn: raw, reader: bufio.NewReaderSize(raw, readSize), sent: make(chan struct{})}
	c.change = sync.NewCond(&c.mu)
	go c.send()
	return c
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	if err != nil {
		err = c.cause(err)
	}
	return n, err
}

// cause returns why a connection closed by this package can't be read. paho would
// take net.ErrClosed for its own Close, and notice only at the next keepalive.
func (c *conn) cause(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil && !c.closing {
		return c.err
	}
	return err
}

// Write blocks only while too much is pending.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pending) >= maxPending && c.err == nil && !c.closing {
		c.change.Wait()
	}
	if c.err != nil {
		return 0, c.err
	}
	if c.closing {
		return 0, net.ErrClosed
	}
	c.pending = append(c.pending, p...)
	c.change.Broadcast()
	return len(p), nil
}

func (c *conn) SetWriteDeadline(time.Time) error { return nil }

func (c *conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *conn) Close() error {
	c.mu.Lock()
	if !c.closing {
		c.closing = true
		_ = c.Conn.SetWriteDeadline(time.Now().Add(closeLimit)) // Close reports a dead connection
		c.change.Broadcast()
	}
	c.mu.Unlock()
	<-c.sent
	return c.Conn.Close()
}

// send writes what is pending until the connection closes or fails. Once there is
// something, it first lets whoever is ready add to it: while rows flow, that makes
// one write of about six.
func (c *conn) send() {
	defer close(c.sent)
	var batch []byte
	for {
		if !c.await() {
			return
		}
		runtime.Gosched()
		batch = c.take(batch[:0])
		if _, err := c.Conn.Write(batch); err != nil {
			c.fail(err)
			return
		}
	}
}

// await waits for pending bytes. It returns false when the connection closes and
// none are left.
func (c *conn) await() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pending) == 0 && !c.closing {
		c.change.Wait()
	}
	return len(c.pending) > 0
}

// take swaps the pending bytes for an empty buffer.
func (c *conn) take(empty []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := c.pending
	c.pending = empty
	if !c.closing {
		_ = c.Conn.SetWriteDeadline(time.Now().Add(writeLimit)) // Write reports a dead connection
	}
	c.change.Broadcast()
	return batch
}

func (c *conn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = fmt.Errorf("send to the MQTT broker: %w", err)
	c.change.Broadcast()
	_ = c.Conn.Close() // which ends its reader too
}
