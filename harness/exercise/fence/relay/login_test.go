package relay

import (
	"net"
	"testing"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/server/access"
)

// TestLogin: the broker gets its login, whatever the client sends, and the client's id
// and will.
func TestLogin(t *testing.T) {
	for name, change := range map[string]func(*mqtt.ClientOptions){
		"none":   nil,
		"a will": func(o *mqtt.ClientOptions) { o.SetWill(own, "gone", 1, false) },
		"a user": func(o *mqtt.ClientOptions) { o.SetUsername("me") },
		"a user, a password and a will": func(o *mqtt.ClientOptions) {
			o.SetUsername("me").SetPassword("mine").SetWill(own, "gone", 1, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			seen := make(chan *packets.ConnectPacket, 1)
			go accepts(listener, seen)
			r, err := Start(t.Context(), Broker{listener.Addr().String(), access.Login{User: "lab", Password: access.Hide("secret")}}, own, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := connected(t, r.Addr(), "mine", change); err != nil {
				t.Fatal(err)
			}
			p := <-seen
			if p.Username != "lab" || string(p.Password) != "secret" || p.ClientIdentifier != "mine-"+own+"-script" || p.Validate() != packets.Accepted {
				t.Errorf("%+v", p)
			}
			if p.WillFlag && (p.WillTopic != own || string(p.WillMessage) != "gone") {
				t.Errorf("%+v", p)
			}
		})
	}
}

// accepts reads one CONNECT and accepts it.
func accepts(listener net.Listener, seen chan<- *packets.ConnectPacket) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	read, err := packets.ReadPacket(conn)
	if p, ok := read.(*packets.ConnectPacket); ok && err == nil {
		packets.NewControlPacket(packets.Connack).Write(conn)
		seen <- p
	}
}
