-- The page of a paper: what it says, who wrote it, how it is filed, and the papers like it with the reason of each.
-- Parameter $id: a document_id such as 'arxiv:2407.10827'.
SELECT
    d.title, d.text AS abstract, d.text_basis, d.published_at, d.published_precision, d.url, d.version, d.is_withdrawn,
    d.withdrawn_reason, d.comment, d.journal_ref, d.doi, d.document_id,
    (SELECT list(name ORDER BY position) FROM document_authors WHERE document_id = d.document_id) AS authors,
    (SELECT list(category ORDER BY position) FROM document_categories WHERE document_id = d.document_id) AS categories,
    (SELECT list({version: version, seen_at: seen_at, changed: changed} ORDER BY version)
     FROM document_versions WHERE document_id = d.document_id) AS versions,
    (SELECT list({name: name, type: type, entity_id: entity_id} ORDER BY name)
     FROM (SELECT DISTINCT entity_id FROM mentions WHERE document_id = d.document_id) JOIN entities USING (entity_id)) AS entities,
    (SELECT list({rank: rank, title: o.title, published_at: o.published_at, document_id: o.document_id, score: score,
                  text: text_part, entities: entity_part, citations: citation_part, categories: category_part, reason: reason,
                  authors: (SELECT list(name ORDER BY position) FROM document_authors a WHERE a.document_id = o.document_id)}
                 ORDER BY rank)
     FROM similar_papers s JOIN documents o ON o.document_id = s.other_document_id
     WHERE s.document_id = d.document_id) AS similar_papers,
    (SELECT list({list: list_name, note: note} ORDER BY list_name) FROM list_notes WHERE subject_id = d.document_id) AS notes
FROM documents d
WHERE d.document_id = $id;
