package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// pair returns a wire and the other end of it.
func pair(t *testing.T) (*conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := Open(&url.URL{Scheme: "tcp", Host: l.Addr().String()}, mqtt.ClientOptions{ConnectTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close(); c.Close() })
	return c.(*conn), far
}

func TestOpenErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens there any more
	for address, want := range map[string]string{
		"ws://127.0.0.1:1":           "only tcp://HOST:PORT",
		"tcp://" + l.Addr().String(): "refused",
	} {
		uri, _ := url.Parse(address)
		if _, err := Open(uri, mqtt.ClientOptions{ConnectTimeout: time.Second}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%s): %v, want %q", address, err, want)
		}
	}
}

// Writes of all sizes arrive as one stream, and Close sends the last of them.
func TestCloseSendsPending(t *testing.T) {
	c, far := pair(t)
	var want bytes.Buffer
	go func() {
		for n := range 3000 {
			piece := bytes.Repeat([]byte{byte(n)}, 1+n%1500)
			want.Write(piece)
			if k, err := c.Write(piece); err != nil || k != len(piece) {
				t.Errorf("Write: %d of %d, %v", k, len(piece), err)
			}
		}
		c.Close()
	}()
	got, err := io.ReadAll(far)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%d bytes arrived, %d were written", len(got), want.Len())
	}
	if _, err := c.Write([]byte("late")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Write after Close: %v", err)
	}
}

// What is pending when Close is called is sent, too.
func TestCloseWaitsForPending(t *testing.T) {
	near, far := net.Pipe() // holds nothing itself
	defer far.Close()
	c := newConn(near)
	c.Write([]byte("on its way, "))
	for !c.idle() {
		time.Sleep(time.Millisecond)
	}
	c.Write([]byte("pending"))
	closed := make(chan error)
	go func() { closed <- c.Close() }()
	for !c.ending() {
		time.Sleep(time.Millisecond)
	}
	got, err := io.ReadAll(far)
	if err != nil || string(got) != "on its way, pending" {
		t.Errorf("%q arrived, %v", got, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func (c *conn) ending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// dribble takes a byte at a time.
type dribble struct {
	net.Conn
	got []byte
}

func (d *dribble) Write(p []byte) (int, error) {
	for _, b := range p {
		if _, err := d.Conn.Write([]byte{b}); err != nil {
			return 0, err
		}
	}
	d.got = append(d.got, p...)
	return len(p), nil
}

func TestSlowNetwork(t *testing.T) {
	near, far := net.Pipe()
	c := newConn(&dribble{Conn: near})
	defer far.Close()
	text := strings.Repeat("slowly but in order ", 50)
	go func() {
		for _, word := range strings.SplitAfter(text, " ") {
			c.Write([]byte(word))
		}
		c.Close()
	}()
	if got, err := io.ReadAll(far); err != nil || string(got) != text {
		t.Errorf("%d of %d bytes, %v", len(got), len(text), err)
	}
}

func (c *conn) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pending) == 0
}

func TestBackPressure(t *testing.T) {
	near, far := net.Pipe() // holds nothing itself
	c := newConn(near)
	defer c.Close()
	defer far.Close()
	piece := make([]byte, maxPending/4)
	c.Write(piece)
	for !c.idle() { // until this one is on its way
		time.Sleep(time.Millisecond)
	}
	for range 4 {
		c.Write(piece)
	}
	written := make(chan error, 1)
	go func() {
		for range 2 {
			if _, err := c.Write(piece); err != nil {
				written <- err
				return
			}
		}
		written <- nil
	}()
	select {
	case err := <-written:
		t.Fatalf("more than maxPending was taken: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	c.mu.Lock()
	if len(c.pending) > maxPending+len(piece) {
		t.Errorf("%d bytes pending", len(c.pending))
	}
	c.mu.Unlock()
	if _, err := io.ReadFull(far, make([]byte, 6*len(piece))); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

// failing fails its first write.
type failing struct{ net.Conn }

var errBroken = errors.New("broken")

func (failing) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteFailureCloses(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := newConn(failing{near})
	defer c.Close()
	if _, err := c.Write([]byte("taken, and lost later")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, errBroken) {
		t.Errorf("Read: %v, want %v", err, errBroken)
	}
	<-c.sent
	if _, err := c.Write([]byte("more")); !errors.Is(err, errBroken) {
		t.Errorf("Write: %v, want %v", err, errBroken)
	}
}

// A Write that waits for room, and a Close with bytes that nobody takes, end.
func TestCloseReleasesWriter(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := newConn(near)
	written := make(chan error, 1)
	go func() {
		for {
			if _, err := c.Write(make([]byte, maxPending/2)); err != nil {
				written <- err
				return
			}
		}
	}()
	began := time.Now()
	c.Close()
	if took := time.Since(began); took > 5*closeLimit {
		t.Errorf("Close took %v", took)
	}
	if err := <-written; err == nil {
		t.Error("no error")
	}
	c.Close() // as paho may
}

func TestReadDeadline(t *testing.T) {
	c, _ := pair(t)
	if err := c.SetDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if _, err := c.Read(make([]byte, 1)); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("Read: %v, want a timeout", err)
	}
}
