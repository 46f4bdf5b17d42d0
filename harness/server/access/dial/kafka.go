package dial

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"hoplab.example/harness/server/access"
)

// Kafka returns a transport that logs in.
func Kafka(login access.Login) *kafka.Transport {
	return &kafka.Transport{TLS: login.TLS.Config(), SASL: mechanismOf(login)}
}

// KafkaDialer returns a dialer that logs in.
func KafkaDialer(login access.Login) *kafka.Dialer {
	dialer := *kafka.DefaultDialer
	dialer.TLS, dialer.SASLMechanism = login.TLS.Config(), mechanismOf(login)
	return &dialer
}

// KafkaAddr returns the bootstrap addresses, host:port with commas between them.
func KafkaAddr(addrs string) net.Addr { return kafka.TCP(strings.Split(addrs, ",")...) }

func mechanismOf(login access.Login) sasl.Mechanism {
	if login.SASL() == "" {
		return nil
	}
	return mechanism{login}
}

// mechanism makes kafka-go's own when a connection is opened. A user name that it
// can't take is then an error of that connection.
type mechanism struct{ login access.Login }

func (m mechanism) Name() string { return m.login.SASL() }

func (m mechanism) Start(ctx context.Context) (sasl.StateMachine, []byte, error) {
	real, err := m.real()
	if err != nil {
		return nil, nil, err
	}
	return real.Start(ctx)
}

func (m mechanism) real() (sasl.Mechanism, error) {
	user, password := m.login.User, m.login.Password.Reveal()
	switch m.Name() {
	case "PLAIN":
		return plain.Mechanism{Username: user, Password: password}, nil
	case scram.SHA256.Name():
		return scram.Mechanism(scram.SHA256, user, password)
	case scram.SHA512.Name():
		return scram.Mechanism(scram.SHA512, user, password)
	}
	return nil, fmt.Errorf("there is no SASL mechanism %q; there are %v", m.Name(), access.Mechanisms)
}
