package brokertest

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// Refuse serves MQTT on the address that it returns, and lets nobody in: it
// answers each CONNECT with "not authorized".
func Refuse(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go refuse(conn)
		}
	}()
	return listener.Addr().String()
}

func refuse(conn net.Conn) {
	defer conn.Close()
	if _, err := packets.ReadPacket(conn); err != nil {
		return
	}
	answer := packets.NewControlPacket(packets.Connack).(*packets.ConnackPacket)
	answer.ReturnCode = packets.ErrRefusedNotAuthorised
	answer.Write(conn) // whoever has hung up needs no answer
}

// Login is one that a broker of Refuse refuses.
func Login() access.Login {
	return access.Login{User: "ann", Password: access.Hide("s3cr3t")}
}

// CheckRefused reports an error that doesn't say that the broker at addr refuses
// Login, or that shows its password.
func CheckRefused(t testing.TB, err error, addr string) {
	t.Helper()
	var refused *dial.RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("error = %v, want a refusal", err)
	}
	if text := err.Error(); !strings.Contains(text, addr) || !strings.Contains(text, "user ann") || strings.Contains(text, "s3cr3t") {
		t.Errorf("error = %v", err)
	}
}
