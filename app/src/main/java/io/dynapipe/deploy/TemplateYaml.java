package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Templates in YAML, with CloudFormation's short forms: {@code !Ref A} is read as {@code {"Ref":
 * "A"}}. JSON is YAML, too.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">
 *     Intrinsic function reference</a>
 */
final class TemplateYaml {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TemplateYaml() {}

  /**
   * Reads one document.
   *
   * @param subject what it is, for messages
   * @throws PipelineException (input) when it is no YAML, or not a mapping
   */
  static ObjectNode read(String subject, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    Yaml yaml =
        new Yaml(
            new ShortForms(options),
            new Representer(new DumperOptions()),
            new DumperOptions(),
            options,
            new NoDates());
    try {
      JsonNode tree = JSON.valueToTree(yaml.<@Nullable Object>load(text));
      if (tree instanceof ObjectNode object) {
        return object;
      }
    } catch (YAMLException e) {
      throw PipelineException.input(
          subject + " is not YAML: " + e.getMessage(), "Correct it; cfn-lint finds more.");
    }
    throw PipelineException.input(
        subject + " is not a mapping", "Write sections such as Resources into it.");
  }

  /** Writes a document, functions in their long form. */
  static String write(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(120);
    options.setSplitLines(false);
    return new Yaml(options).dump(JSON.convertValue(tree, Map.class));
  }

  private static final class ShortForms extends SafeConstructor {
    ShortForms(LoaderOptions options) {
      super(options);
      yamlMultiConstructors.put("!", new Function());
    }

    private final class Function extends AbstractConstruct {
      @Override
      public Object construct(Node node) {
        String name = node.getTag().getValue().substring(1);
        Object argument = argument(node);
        if (name.equals("GetAtt") && argument instanceof String path) {
          argument = new ArrayList<>(List.of(path.split("\\.", 2)));
        }
        boolean plain = name.equals("Ref") || name.equals("Condition");
        return new LinkedHashMap<>(Map.of(plain ? name : "Fn::" + name, argument));
      }

      private Object argument(Node node) {
        if (node instanceof ScalarNode scalar) {
          return constructScalar(scalar);
        }
        if (node instanceof SequenceNode sequence) {
          return constructSequence(sequence);
        }
        return constructMapping((MappingNode) node);
      }
    }
  }

  /** {@code Version: 2012-10-17} is a text to CloudFormation. */
  private static final class NoDates extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, pattern, first, limit);
      }
    }
  }
}
