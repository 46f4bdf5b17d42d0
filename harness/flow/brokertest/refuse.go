package brokertest

import (
	"net"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
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
