-- The page of an entity: who it is, what it is called, what it is named with, what is like it, and what happened lately.
-- Parameter $id: an entity_id such as 'pythia-6884907e', or a slug such as 'pythia'; an id that was merged leads on.
-- Ages ("22d ago") are the reader's: today minus occurred_at.
SELECT
    e.type, e.name, e.record_status, e.activity, e.lifecycle, e.entity_id, e.slug, e.event_count, e.document_count,
    e.mention_count, e.first_seen_at, e.first_published_at, e.description,
    (SELECT quote FROM evidence WHERE evidence_id = e.description_evidence_id) AS description_quote,
    (SELECT list({alias: alias, rule: rule, mentions: mention_count, is_ambiguous: is_ambiguous}
                 ORDER BY is_preferred DESC, mention_count DESC, alias)
     FROM entity_aliases WHERE entity_id = e.entity_id) AS aliases,
    (SELECT list({relation: relation, name: o.name, entity_id: o.entity_id, rule: rule} ORDER BY relation, o.name)
     FROM entity_relations r JOIN entities o ON o.entity_id = r.other_entity_id WHERE r.entity_id = e.entity_id) AS relations,
    (SELECT list({relation: relation, name: o.name, entity_id: o.entity_id} ORDER BY relation, o.name)
     FROM entity_relations r JOIN entities o USING (entity_id) WHERE r.other_entity_id = e.entity_id) AS members,
    (SELECT list({scheme: scheme, value: value, url: url} ORDER BY scheme, value)
     FROM entity_external_ids WHERE entity_id = e.entity_id) AS external_ids,
    (SELECT list({name: o.name, type: o.type, documents: documents, lift: round(lift, 1), evidence: evidence_document_ids}
                 ORDER BY log_likelihood DESC, o.name)
     FROM entity_cooccurrence c JOIN entities o ON o.entity_id = c.other_entity_id
     WHERE c.entity_id = e.entity_id) AS co_occurring,
    (SELECT list({rank: rank, name: o.name, type: o.type, score: score, reason: reason} ORDER BY rank)
     FROM similar_entities s JOIN entities o ON o.entity_id = s.other_entity_id WHERE s.entity_id = e.entity_id) AS more_like_this,
    (SELECT list({title: g.title, slug: g.slug, reason: reason} ORDER BY rank)
     FROM entity_guides JOIN guides g USING (guide_id) WHERE entity_id = e.entity_id) AS guides,
    (SELECT list({importance: importance, source: source_label, occurred_at: occurred_at, url: url, headline: headline,
                  summary: summary, event_id: v.event_id, salience: salience}
                 ORDER BY occurred_at DESC NULLS LAST, importance DESC, v.event_id)
     FROM event_entities n JOIN events v USING (event_id) WHERE n.entity_id = e.entity_id) AS recent_events,
    (SELECT list({list: list_name, note: note} ORDER BY list_name) FROM list_notes WHERE subject_id = e.entity_id) AS notes
FROM entities e
WHERE e.entity_id = coalesce((SELECT to_ids[1] FROM redirects WHERE kind = 'entity' AND from_id = $id), $id) OR e.slug = $id;
