package dial

import (
	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/server/access"
)

// MQTTURL returns the address of a broker, host:port, in paho's form.
func MQTTURL(login access.Login, addr string) string {
	if login.TLS.On {
		return "ssl://" + addr
	}
	return "tcp://" + addr
}

// MQTT adds a login to a client's options.
func MQTT(options *mqtt.ClientOptions, login access.Login) *mqtt.ClientOptions {
	options.SetUsername(login.User).SetPassword(login.Password.Reveal())
	if config := login.TLS.Config(); config != nil {
		options.SetTLSConfig(config)
	}
	return options
}
