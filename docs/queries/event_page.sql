-- The page of an event: the event in full, why it matters, the guides it belongs to, and the events related to it.
-- Parameter $id: an event_id such as 'ev-…', a slug, or the document_id of a document that tells it ('arxiv:2605.23901').
SELECT
    v.importance, s.name AS source, v.source_label, v.occurred_at, v.url, v.headline, v.summary, v.summary_basis, v.kind,
    v.record_status, v.is_backfill, v.event_id, v.slug,
    (SELECT list({sentence: sentence, basis: basis, evidence: evidence_ids} ORDER BY position)
     FROM summary_sentences WHERE event_id = v.event_id) AS sentences,
    (SELECT list({part: part, points: points, reason: reason} ORDER BY points DESC, part)
     FROM importance_parts WHERE event_id = v.event_id) AS importance_parts,
    (SELECT list({document_id: document_id, role: role, rule: rule, reason: reason, url: d.url} ORDER BY role, document_id)
     FROM event_documents JOIN documents d USING (document_id) WHERE event_id = v.event_id) AS documents,
    (SELECT list({name: name, type: type, entity_id: e.entity_id, salience: salience} ORDER BY salience DESC, name)
     FROM event_entities JOIN entities e USING (entity_id) WHERE event_id = v.event_id) AS entities,
    (SELECT list({title: g.title, slug: g.slug, events: g.event_count, reading_order: reading_order, reason: reason}
                 ORDER BY rank)
     FROM event_guides JOIN guides g USING (guide_id) WHERE event_id = v.event_id) AS related_guides,
    (SELECT list({rank: rank, importance: o.importance, source: o.source_label, occurred_at: o.occurred_at, url: o.url,
                  headline: o.headline, summary: o.summary, event_id: o.event_id, score: score, reason: reason} ORDER BY rank)
     FROM related_events r JOIN events o ON o.event_id = r.other_event_id WHERE r.event_id = v.event_id) AS related_events,
    (SELECT list({list: list_name, note: note} ORDER BY list_name)
     FROM list_notes WHERE subject_id IN (v.event_id, v.lead_document_id)) AS notes
FROM events v JOIN sources s USING (source_id)
WHERE v.event_id = coalesce((SELECT to_ids[1] FROM redirects WHERE kind = 'event' AND from_id = $id), $id)
   OR v.slug = $id OR v.event_id IN (SELECT event_id FROM event_documents WHERE document_id = $id);
