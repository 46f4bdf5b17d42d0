package compose

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// listener is one of Kafka's: where it listens, and what it tells clients to connect to.
type listener struct {
	bind       string // host, "" for all
	port       uint32
	advertised string // host
	toPort     uint32
}

// listeners returns those of a service that is Kafka, by name. Without KAFKA_LISTENERS
// the image listens at the advertised ports; bitnami's has KAFKA_CFG_ before each key.
// Source: apache/kafka, docker/resources/common-scripts/configure.
func listeners(s types.ServiceConfig) map[string]listener {
	all := map[string]listener{}
	for name, at := range endpoints(setting(s, "ADVERTISED_LISTENERS")) {
		all[name] = listener{port: at.port, advertised: at.host, toPort: at.port}
	}
	for name, at := range endpoints(setting(s, "LISTENERS")) {
		if l, public := all[name]; public {
			l.bind, l.port = at.host, at.port
			all[name] = l
		}
	}
	return all
}

func setting(s types.ServiceConfig, key string) string {
	for _, prefix := range []string{"KAFKA_", "KAFKA_CFG_"} {
		if value := s.Environment[prefix+key]; value != nil {
			return *value
		}
	}
	return ""
}

// endpoints reads NAME://host:port,NAME://host:port.
func endpoints(text string) map[string]address {
	all := map[string]address{}
	for _, one := range strings.Split(text, ",") {
		name, at, _ := strings.Cut(strings.TrimSpace(one), "://")
		host, port, err := net.SplitHostPort(at)
		number, wrong := strconv.ParseUint(port, 10, 16)
		if err == nil && wrong == nil {
			all[name] = address{host: host, port: uint32(number)}
		}
	}
	return all
}

// listens reports whether a service that is Kafka listens at a port.
func (f *File) listens(service string, port uint32) bool {
	for _, l := range listeners(f.Project.Services[service]) {
		if l.port == port {
			return true
		}
	}
	return false
}

// kafkaAt says where Kafka sends a client of the network that comes to an address, where
// that isn't the same listener.
func (f *File) kafkaAt(a address, service string) string {
	all := listeners(f.Project.Services[service])
	if len(all) == 0 {
		return ""
	}
	for _, l := range all {
		if l.port != a.port {
			continue
		}
		if l.toPort == l.port && (l.advertised == service || l.advertised == a.host) {
			return ""
		}
		return fmt.Sprintf("at %s:%d Kafka sends its clients on to %s:%d, which for them isn't that listener: the listener for the network must advertise %s:%d",
			a.host, a.port, l.advertised, l.toPort, service, l.port)
	}
	return fmt.Sprintf("%s:%d: Kafka has no listener at that port", a.host, a.port)
}

// advertised finds listeners that bind to the container alone, and those for the host
// that the host can't reach.
func (f *File) advertised() (found []*Finding) {
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		for key, l := range listeners(s) {
			if l.bind == "localhost" || l.bind == "127.0.0.1" {
				found = append(found, f.at(name, "environment", "the listener %s takes connections from the container itself only: let it listen at 0.0.0.0:%d", key, l.port))
			}
			if loopback.MatchString(l.advertised) && !publishes(s, l) {
				found = append(found, f.at(name, "environment", "the listener %s sends clients to %s:%d, but ports don't publish %d of the container there", key, l.advertised, l.toPort, l.port))
			}
		}
	}
	return found
}

// publishes reports whether the port that a listener advertises on the host is its own.
func publishes(s types.ServiceConfig, l listener) bool {
	for _, p := range s.Ports {
		if p.Published == fmt.Sprint(l.toPort) && p.Target == l.port {
			return true
		}
	}
	return false
}

// HostPort finds whether a program on the host can use Kafka at localhost and a port.
func (f *File) HostPort(service string, port uint32) *Finding {
	for _, l := range listeners(f.Project.Services[service]) {
		if l.toPort == port && (l.advertised == "localhost" || l.advertised == "127.0.0.1") {
			return nil // that it is published, Addresses has seen
		}
	}
	return f.at(service, "environment", "no listener advertises localhost:%d for programs on the host", port)
}
