package component

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"hoplab.example/harness/server/access"
)

// Securable are the components that can require a login, and Secured those that always
// do.
var (
	Securable = []string{"mosquitto", "kafka", "elasticsearch"}
	Secured   = []string{"superset"}
)

// passwordRounds of PBKDF2. hoplab's passwords are random and long, so more
// rounds would only slow Elasticsearch down.
const passwordRounds = 10_000

// hash returns what mosquitto and Elasticsearch keep of a password, in base64:
// salt, and PBKDF2 of it by SHA-512. The salt is derived from the password, so
// the same login gives the same files.
func hash(login access.Login, saltSize, size int) (salt, key string) {
	password := login.Password.Reveal()
	seed := sha256.Sum256([]byte("hoplab salt " + login.User + " " + password))
	made, err := pbkdf2.Key(sha512.New, password, seed[:saltSize], passwordRounds, size)
	if err != nil {
		panic(err) // only of a size that is wrong for the hash
	}
	return base64.StdEncoding.EncodeToString(seed[:saltSize]), base64.StdEncoding.EncodeToString(made)
}

// mosquittoUsers are the lines of mosquitto.conf on who may connect.
func mosquittoUsers(s Site) string {
	if s.Secrets["mosquitto"].User == "" {
		return "allow_anonymous true\n"
	}
	return "allow_anonymous false\npassword_file " + s.Dir + "/passwords\n"
}

// mosquittoPasswords is the file that mosquitto_passwd would make.
func mosquittoPasswords(login access.Login) []File {
	if login.User == "" {
		return nil
	}
	salt, key := hash(login, 12, 64)
	return []File{{Path: "passwords", Text: fmt.Sprintf("%s:$7$%d$%s$%s\n", login.User, passwordRounds, salt, key), Private: true}}
}

// elasticsearchSecurity are the settings of elasticsearch.yml on who may ask.
// The file realm needs no keystore, and no index that a boot would wait for.
func elasticsearchSecurity(login access.Login) string {
	if login.User == "" {
		return "xpack.security.enabled: false\n"
	}
	return "xpack.security.enabled: true\nxpack.security.authc.realms.file.hoplab.order: 0\n"
}

// elasticsearchUsers are the files of its file realm, as elasticsearch-users
// would make them: the login's user, and the one that Kibana works as.
func elasticsearchUsers(login access.Login) []File {
	if login.User == "" {
		return nil
	}
	var users string
	for _, l := range []access.Login{login, kibanaServer(login)} {
		salt, key := hash(l, 32, 32)
		users += fmt.Sprintf("%s:{PBKDF2}%d$%s$%s\n", l.User, passwordRounds, salt, key)
	}
	roles := fmt.Sprintf("superuser:%s\nkibana_system:%s\n", login.User, kibanaServer(login).User)
	return []File{{Path: "config/users", Text: users, Private: true}, {Path: "config/users_roles", Text: roles, Private: true}}
}

// kibanaServer is the login with which Kibana itself works in Elasticsearch: since 8.0,
// a superuser can't write to the indices that Kibana keeps its own things in. Source:
// elastic/elasticsearch, pull request 81400.
func kibanaServer(login access.Login) access.Login {
	if login.User == "" {
		return access.Login{}
	}
	password := sha256.Sum256([]byte("hoplab kibana " + login.Password.Reveal()))
	return access.Login{User: login.User + "-kibana", Password: access.Hide(hex.EncodeToString(password[:]))}
}

// kibanaLogin are the settings of kibana.yml on that login. Without a login of its own, a
// student's browser logs in there too, and only the status is open to everybody.
func kibanaLogin(login access.Login) string {
	if login.User == "" {
		return ""
	}
	server := kibanaServer(login)
	return fmt.Sprintf("elasticsearch.username: %q\nelasticsearch.password: %q\nstatus.allowAnonymous: true\n", server.User, server.Password.Reveal())
}

func kafkaProtocol(login access.Login) string {
	if login.User == "" {
		return "PLAINTEXT"
	}
	return "SASL_PLAINTEXT"
}

// kafkaServer are the broker's settings on who may connect, on both listeners:
// the login by SASL/PLAIN, and by SCRAM whoever is given credentials later. The
// controller's listener is the node's own business.
func kafkaServer(login access.Login) string {
	if login.User == "" {
		return ""
	}
	user, password := access.JAAS(login.User), access.JAAS(login.Password.Reveal())
	var b strings.Builder
	fmt.Fprintf(&b, "sasl.enabled.mechanisms=%s\nsasl.mechanism.inter.broker.protocol=PLAIN\n", strings.Join(access.Mechanisms, ","))
	for _, listener := range []string{"client", "peer"} {
		fmt.Fprintf(&b, "listener.name.%s.plain.sasl.jaas.config=%s\n", listener, property(
			fmt.Sprintf("%s required username=%s password=%s user_%s=%s;", plainModule, user, password, login.User, password)))
		for _, scram := range access.Mechanisms[1:] {
			fmt.Fprintf(&b, "listener.name.%s.%s.sasl.jaas.config=%s required;\n", listener, strings.ToLower(scram), scramModule)
		}
	}
	return b.String()
}

const (
	plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule"
	scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule"
)

// kafkaClient are the settings with which Kafka Connect logs in at Kafka: as a
// worker, and as each connector's producer, consumer and admin.
func kafkaClient(login access.Login) string {
	if login.User == "" {
		return ""
	}
	config := property(fmt.Sprintf("%s required username=%s password=%s;", plainModule, access.JAAS(login.User), access.JAAS(login.Password.Reveal())))
	var b strings.Builder
	for _, who := range []string{"", "producer.", "consumer.", "admin."} {
		fmt.Fprintf(&b, "%[1]ssecurity.protocol=SASL_PLAINTEXT\n%[1]ssasl.mechanism=PLAIN\n%[1]ssasl.jaas.config=%[2]s\n", who, config)
	}
	return b.String()
}

// property quotes the value of a line of a Java properties file.
func property(value string) string { return strings.ReplaceAll(value, `\`, `\\`) }
