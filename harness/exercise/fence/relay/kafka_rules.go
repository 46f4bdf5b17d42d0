package relay

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// allowed are the requests of producers and of consumers in groups, in versions that
// name topics and groups as text, one group at a time. Newer ones name topics by ids.
var allowed = map[kmsg.Key]int16{
	kmsg.ApiVersions: math.MaxInt16, kmsg.Metadata: 9, kmsg.InitProducerID: 5,
	kmsg.Produce: 12, kmsg.Fetch: 12, kmsg.ListOffsets: 7,
	kmsg.FindCoordinator: 3, kmsg.JoinGroup: 9, kmsg.SyncGroup: 5, kmsg.Heartbeat: 4, kmsg.LeaveGroup: 5,
	kmsg.OffsetCommit: 8, kmsg.OffsetFetch: 7,
}

// named returns the topics and groups that an allowed request names.
func named(req kmsg.Request) (topics, groups []string) {
	switch r := req.(type) {
	case *kmsg.MetadataRequest: // without topics it asks for all, and gets its own
		for _, t := range r.Topics {
			if t.Topic != nil {
				topics = append(topics, *t.Topic)
			}
		}
	case *kmsg.InitProducerIDRequest:
		if r.TransactionalID != nil {
			groups = append(groups, *r.TransactionalID)
		}
	case *kmsg.ProduceRequest:
		for _, t := range r.Topics {
			topics = append(topics, t.Topic)
		}
	case *kmsg.FetchRequest:
		for _, t := range r.Topics {
			topics = append(topics, t.Topic)
		}
	case *kmsg.ListOffsetsRequest:
		for _, t := range r.Topics {
			topics = append(topics, t.Topic)
		}
	case *kmsg.OffsetCommitRequest:
		groups = append(groups, r.Group)
		for _, t := range r.Topics {
			topics = append(topics, t.Topic)
		}
	case *kmsg.OffsetFetchRequest:
		groups = append(groups, r.Group)
		for _, t := range r.Topics {
			topics = append(topics, t.Topic)
		}
	case *kmsg.FindCoordinatorRequest:
		groups = append(groups, r.CoordinatorKey)
	case *kmsg.JoinGroupRequest:
		groups = append(groups, r.Group)
	case *kmsg.SyncGroupRequest:
		groups = append(groups, r.Group)
	case *kmsg.HeartbeatRequest:
		groups = append(groups, r.Group)
	case *kmsg.LeaveGroupRequest:
		groups = append(groups, r.Group)
	}
	return topics, groups
}

// edited reports whether the answer to a request names Kafka's address or says what
// Kafka can do.
func edited(req kmsg.Request) bool {
	switch req.(type) {
	case *kmsg.ApiVersionsRequest, *kmsg.MetadataRequest, *kmsg.FindCoordinatorRequest:
		return true
	}
	return false
}

// down forwards answers: with the relay's address for Kafka's, the script's own topics,
// and the requests that are allowed.
func (k *requests) down(to io.Writer, from io.Reader) error {
	for {
		var head [8]byte // the length, and the correlation id
		if _, err := io.ReadFull(from, head[:]); err != nil {
			return err
		}
		left := int64(binary.BigEndian.Uint32(head[:])) - 4
		id := int32(binary.BigEndian.Uint32(head[4:]))
		k.mu.Lock()
		req := k.asked[id]
		delete(k.asked, id)
		k.mu.Unlock()
		if req != nil && edited(req) {
			body := make([]byte, max(0, left))
			_, err := io.ReadFull(from, body)
			if err == nil {
				body, err = k.edit(req, body)
			}
			if err != nil {
				return err
			}
			binary.BigEndian.PutUint32(head[:], uint32(len(body)+4))
			if _, err := to.Write(append(head[:], body...)); err != nil {
				return err
			}
			continue
		}
		if _, err := to.Write(head[:]); err != nil {
			return err
		}
		if _, err := io.CopyN(to, from, left); err != nil {
			return err
		}
	}
}

// edit returns the body of an answer as the script gets it.
func (k *requests) edit(req kmsg.Request, body []byte) ([]byte, error) {
	answer := req.ResponseKind()
	tagged := answer.IsFlexible() && answer.Key() != int16(kmsg.ApiVersions)
	var head []byte
	if tagged && len(body) > 0 {
		head, body = body[:1], body[1:] // Kafka has no tags there
	}
	if err := answer.ReadFrom(body); err != nil {
		if answer.Key() == int16(kmsg.ApiVersions) {
			return body, nil // a version that Kafka doesn't know has an answer of version 0
		}
		return nil, fmt.Errorf("read Kafka's answer: %w", err)
	}
	host, port := k.at()
	switch a := answer.(type) {
	case *kmsg.ApiVersionsResponse:
		a.ApiKeys = slices.DeleteFunc(a.ApiKeys, func(v kmsg.ApiVersionsResponseApiKey) bool {
			most, ok := allowed[kmsg.Key(v.ApiKey)]
			return !ok || v.MinVersion > most
		})
		for i := range a.ApiKeys {
			v := &a.ApiKeys[i]
			v.MaxVersion = min(v.MaxVersion, allowed[kmsg.Key(v.ApiKey)], kmsg.RequestForKey(v.ApiKey).MaxVersion())
		}
	case *kmsg.MetadataResponse:
		for i := range a.Brokers {
			a.Brokers[i].Host, a.Brokers[i].Port = host, port
		}
		a.Topics = slices.DeleteFunc(a.Topics, func(t kmsg.MetadataResponseTopic) bool {
			return t.Topic == nil || !slices.Contains(k.own.Topics, *t.Topic)
		})
	case *kmsg.FindCoordinatorResponse:
		a.Host, a.Port = host, port
	}
	return answer.AppendTo(head), nil
}

// at returns where the relay listens.
func (k *requests) at() (host string, port int32) {
	host, text, _ := net.SplitHostPort(k.Addr())
	n, _ := strconv.ParseInt(text, 10, 32) // it is the listener's
	return host, int32(n)
}
