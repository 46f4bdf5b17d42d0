package flink

import (
	"errors"
	"fmt"
	"strings"

	"hoplab.example/harness/server/access"
)

// WithLogins gives tables what Flink needs to log in at Kafka and Elasticsearch. A file
// of SQL so stays the same wherever it runs.
func WithLogins(statements []Statement, atKafka, atElasticsearch access.Login) ([]Statement, error) {
	toKafka, err := kafkaOptions(atKafka)
	if err != nil {
		return nil, err
	}
	toElastic, err := elasticOptions(atElasticsearch)
	if err != nil {
		return nil, err
	}
	for i, s := range statements {
		s = s.WithKafka(toKafka...)
		s = s.WithOptions("elasticsearch-7", toElastic...)
		if atElasticsearch.TLS.On {
			s = s.WithHTTPS("elasticsearch-7")
		}
		statements[i] = s
	}
	return statements, nil
}

// shaded is the package of Kafka's own classes in the jar of Flink's Kafka
// connector (flink-sql-connector-kafka/pom.xml).
const shaded = "org.apache.flink.kafka.shaded.org.apache.kafka.common.security."

func kafkaOptions(login access.Login) ([]Option, error) {
	var options []Option
	add := func(name, value, secret string) {
		options = append(options, Option{Name: "properties." + name, Value: value, Secret: secret})
	}
	protocol, mechanism := "", login.SASL()
	switch {
	case mechanism != "" && login.TLS.On:
		protocol = "SASL_SSL"
	case mechanism != "":
		protocol = "SASL_PLAINTEXT"
	case login.TLS.On:
		protocol = "SSL"
	default:
		return nil, nil
	}
	add("security.protocol", protocol, "")
	if mechanism != "" {
		module := "scram.ScramLoginModule"
		if mechanism == "PLAIN" {
			module = "plain.PlainLoginModule"
		}
		add("sasl.mechanism", mechanism, "")
		add("sasl.jaas.config", fmt.Sprintf("%s%s required username=%s password=%s;", shaded, module,
			access.JAAS(login.User), access.JAAS(login.Password.Reveal())), login.Password.Reveal())
	}
	if login.TLS.Insecure {
		return nil, errors.New("kafka: Flink can't skip the check of a certificate; give tls.ca instead of tls.insecure")
	}
	if login.TLS.CA != "" {
		add("ssl.truststore.type", "PEM", "")
		// On one line: the line numbers of Flink's errors must stay the file's.
		add("ssl.truststore.certificates", strings.Join(strings.Fields(login.TLS.CA), " "), "")
	}
	return options, nil
}

func elasticOptions(login access.Login) ([]Option, error) {
	switch {
	case !login.APIKey.Empty():
		return nil, errors.New("elasticsearch: Flink's elasticsearch-7 connector doesn't support API keys; give a user and a password")
	case login.TLS.CA != "" || login.TLS.Insecure:
		return nil, errors.New("elasticsearch: Flink's elasticsearch-7 connector has no option for the CA to trust; leave out tls.ca and tls.insecure, and use a certificate signed by a CA that Flink's Java trusts")
	case login.User == "":
		return nil, nil
	}
	return []Option{
		{Name: "username", Value: login.User},
		{Name: "password", Value: login.Password.Reveal(), Secret: login.Password.Reveal()},
	}, nil
}
